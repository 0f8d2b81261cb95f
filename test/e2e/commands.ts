import type { Editor } from './editor.ts';
import type { House } from './house.ts';
import { answerIn } from './siteJob.ts';

/** Commands of the palette, the wizard, and what the editor offers about code. */
export function commands(house: () => House): void {
  describe('without the mouse', () => {
    it('a job is handed over from the palette, and the journal is verified', async () => {
      const editor = await house().open(await house().workspace('palette'));
      await editor.command('Hand Over a Job');
      await answer(editor, 'To which Ability?', 'Workspace statistics');
      await answer(editor, 'What shall Workspace statistics do?', '/stats');
      await editor.chat.getByRole('region', { name: /^Approval: / }).waitFor();
      await editor.command('Verify Journal');
      await editor.toast(/The journal is whole: \d+ entries/).waitFor();
      await editor.command('Collect Diagnostics');
      await editor.page.locator('.view-lines').getByText('Virtual Butler: diagnostics').waitFor();
      await editor.command('Abort Job');
      await editor.quick.locator('.monaco-list-row').filter({ hasText: '/stats' }).waitFor();
      await editor.page.keyboard.press('Enter');
      await answerIn(editor, 'Stopped.').waitFor();
    });

    it('a new Ability is made by keyboard to the end, with its step numbers, and deleted', async () => {
      const editor = await house().open(await house().workspace('wizard'));
      const { page, quick } = editor;
      await editor.openButler();
      await editor.row('Abilities', 'Butler').waitFor();
      await editor.command('Create New Ability');
      for (const [index, [question, text]] of wizard.entries()) {
        await quick.getByText(`New Ability (${index + 1}/`).waitFor();
        await answer(editor, question, text);
      }
      await quick.waitFor({ state: 'hidden' });
      await editor.row('Abilities', 'Weekly notes').filter({ hasText: 'document → local' }).waitFor();
      await editor.command('Delete Ability');
      await answer(editor, 'Which Ability?', 'Weekly notes');
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await editor.row('Abilities', 'Weekly notes').waitFor({ state: 'detached' });
    });
  });

  describe('about code', () => {
    it('the light bulb offers to explain a selection, and its session shows', async () => {
      const editor = await house().open(await house().workspace('bulb'));
      const { page } = editor;
      await editor.openButler();
      await editor.row('Abilities', 'Butler').waitFor();
      await editor.openFile('tide.js');
      await page.locator('.view-line').first().click();
      await page.keyboard.press('Shift+ArrowDown');
      await page.locator('.codicon-light-bulb, .codicon-gutter-lightbulb').first().click();
      await page.locator('.action-widget .monaco-list-row').filter({ hasText: 'Butler: Explain' }).click();
      await answerIn(editor, 'It is about lines').waitFor();
    });

    it('a fault in .butler/abilities.json is marked at its line', async () => {
      const folder = await house().workspace('faulty');
      const editor = await house().open(folder);
      await editor.openButler();
      await editor.row('Abilities', 'Site from README').waitFor();
      await house().write(folder, '.butler/abilities.json', '{\n  "abilities": [\n    { "id": 7 }\n  ]\n}\n');
      await editor.page.keyboard.press('Control+Shift+M');
      const fault = editor.page.locator('.markers-panel .monaco-list-row').filter({ hasText: 'butler' });
      await fault.filter({ hasText: 'Ln 3' }).first().waitFor();
      await editor.row('Abilities', 'Site from README').waitFor({ state: 'detached' });
    });
  });
}

const wizard = [
  ['What is it called?', 'Weekly notes'],
  ['What does it deliver?', 'document'],
  ['Who does the thinking?', 'Offline'],
  ['Where does the deliverable go?', 'Local folder'],
  ['Folder', ''],
  ['How shall it work?', ''],
  ['Where shall it be kept?', 'For me'],
] as const;

/** Answers a question of a quick pick or input box by keyboard. */
async function answer({ page, quick }: Editor, question: string, text: string): Promise<void> {
  const field = quick.locator('input').first();
  await quick.getByText(question).or(quick.getByPlaceholder(question)).first().waitFor();
  if (text !== '') await field.pressSequentially(text);
  await page.keyboard.press('Enter');
}
