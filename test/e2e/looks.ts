import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Editor } from './editor.ts';
import type { House } from './house.ts';
import { approve, deliverableIn, handOverSite, questionIn } from './siteJob.ts';
import { inEveryTheme } from './themes.ts';

/** Every screen in every theme, kept as pictures to look at, and the chat examined by axe. */
export function looks(house: () => House): void {
  describe('the screens in four themes', () => {
    it('stand as pictures, and axe finds no fault in the chat page', async () => {
      const folder = await house().workspace('looks');
      const editor = await house().open(folder);
      const { page, quick } = editor;
      const axe = await readFile(
        path.join(import.meta.dirname, '../../node_modules/axe-core/axe.min.js'),
        'utf8',
      );
      const faults: string[] = [];
      const look = inEveryTheme(house(), editor, folder, async (screen, name) => {
        faults.push(...(await axeFaults(editor, axe)).map((fault) => `${screen} in ${name}: ${fault}`));
      });
      await editor.openButler();
      await editor.row('Abilities', 'Site from README').waitFor();
      await look('welcome');
      await handOverSite(editor);
      await questionIn(editor).waitFor();
      await editor.status.filter({ hasText: '1 waiting' }).click();
      await quick.locator('.monaco-list-row').first().waitFor();
      await look('question-and-menu');
      await page.keyboard.press('Escape');
      await questionIn(editor).scrollIntoViewIfNeeded();
      await look('question');
      await approve(editor);
      await deliverableIn(editor).getByText('Published', { exact: true }).waitFor();
      await editor.view('Activity').locator('.pane-header').click();
      await editor.row('Activity', 'Publish').first().waitFor();
      await deliverableIn(editor).scrollIntoViewIfNeeded();
      await look('delivered-and-activity');
      await editor.command('Create New Ability');
      await quick.getByText('(1/').waitFor();
      await page.keyboard.type('Weekly notes');
      await page.keyboard.press('Enter');
      await quick.getByText('(2/').waitFor();
      await narrow(editor);
      await look('narrow-and-wizard');
      assert.deepEqual(faults, []);
    });
  });
}

/** Draws the side bar to about 220 px. */
async function narrow({ page }: Editor): Promise<void> {
  const bar = await page.locator('.part.sidebar').boundingBox();
  assert.ok(bar);
  const edge = bar.x + bar.width;
  await page.mouse.move(edge, 500);
  await page.mouse.down();
  await page.mouse.move(bar.x + 220, 500, { steps: 5 });
  await page.mouse.up();
}

/** The page is see-through; axe does not see the side bar that shines through from outside of the frame. */
function showGround(): void {
  document.documentElement.style.background = 'var(--vscode-sideBar-background)';
}

interface Axe {
  run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
}

async function axeFaults({ chat }: Editor, source: string): Promise<string[]> {
  const body = await chat.locator('body').elementHandle();
  const frame = await body?.ownerFrame();
  assert.ok(frame);
  await frame.evaluate(source);
  await frame.evaluate(showGround);
  const { violations } = await frame.evaluate(() => (window as unknown as { axe: Axe }).axe.run());
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`),
  );
}
