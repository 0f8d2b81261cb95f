import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Editor } from './editor.ts';
import type { House } from './house.ts';
import { abilitiesOf, setKey } from './ownModel.ts';
import { answerIn, approve, deliverableIn, handOverSite } from './siteJob.ts';
import { firstWords, openSlowModel } from './slowModel.ts';

/** The item in the status bar and its menu. */
export function statusBar(house: () => House): void {
  describe('the status bar', () => {
    it('shows a running job while its model writes, and aborts it from the menu', async () => {
      const model = await openSlowModel();
      try {
        await house().setMachine({ 'butler.anthropic.baseUrl': model.url });
        const folder = await house().workspace('slow');
        await writeFile(path.join(folder, '.butler/abilities.json'), abilitiesOf('Thinker'));
        const editor = await house().open(folder);
        await editor.openButler();
        await setKey(editor);
        await editor.row('Abilities', 'Thinker').click();
        await editor.say('What is the meaning of this?');
        await answerIn(editor, firstWords).waitFor();
        await editor.status.filter({ hasText: '1 running' }).click();
        const job = editor.quick.locator('.monaco-list-row').filter({ hasText: 'What is the meaning' });
        await job.hover();
        await job.getByRole('button', { name: 'Abort' }).click();
        await answerIn(editor, 'Stopped.').waitFor();
        await editor.page.keyboard.press('Escape');
        await editor.status.filter({ hasText: 'Butler' }).waitFor();
      } finally {
        await house().setMachine({ 'butler.anthropic.baseUrl': '' });
        await model.close();
      }
    });

    it('pauses all work and lets it go on', async () => {
      const editor = await house().open(await house().workspace('paused'));
      await editor.openButler();
      await editor.row('Abilities', 'Site from README').waitFor();
      await choose(editor, 'Pause All Work');
      await editor.status.filter({ hasText: 'paused' }).waitFor();
      await handOverSite(editor);
      await editor.row('Jobs', 'queued').waitFor();
      await choose(editor, 'Resume All Work');
      await editor.status.filter({ hasText: '1 waiting' }).waitFor();
      await approve(editor);
      await deliverableIn(editor).getByText('Published', { exact: true }).waitFor();
      await editor.status.filter({ hasText: 'Butler' }).waitFor();
    });
  });
}

async function choose(editor: Editor, label: string): Promise<void> {
  await editor.status.click();
  await editor.quick.locator('.monaco-list-row').filter({ hasText: label }).click();
}
