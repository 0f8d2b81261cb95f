import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { House } from './house.ts';
import { kept } from './pageMemory.ts';
import { until, workersOf } from './processes.ts';
import { answerIn, approve, deliverableIn, handOverSite, questionIn, siteText } from './siteJob.ts';

/** The main job while the window or the worker is taken away under it. */
export function interruptions(house: () => House): void {
  describe('a job that is interrupted', () => {
    it('waits on through a reload of the window, with what was being written', async () => {
      const folder = await house().workspace('reloaded');
      const editor = await house().open(folder);
      await handOverSite(editor);
      await questionIn(editor).waitFor();
      await editor.chat.getByRole('textbox', { name: 'Your message' }).fill('And then');
      await editor.row('Jobs', siteText).filter({ hasText: 'waits for you' }).waitFor();
      await kept(editor, 'And then');
      await editor.page.reload();
      await editor.openButler();
      await questionIn(editor).getByText('docs/reference/options.html').waitFor();
      assert.equal(await editor.chat.getByRole('textbox', { name: 'Your message' }).inputValue(), 'And then');
      await answerIn(editor, 'in 2 steps').waitFor();
      await approve(editor);
      await deliverableIn(editor).getByText(path.join(folder, 'public')).waitFor();
      assert.equal(existsSync(path.join(folder, 'public/index.html')), true);
    });

    it('goes on by itself when the worker is killed, and says so', async () => {
      const folder = await house().workspace('killed');
      const editor = await house().open(folder);
      await handOverSite(editor);
      await questionIn(editor).waitFor();
      const [worker, ...others] = await workersOf(house());
      assert.ok(worker);
      assert.deepEqual(others, []);
      process.kill(worker, 'SIGKILL');
      await until(async () => (await workersOf(house())).some((id) => id !== worker));
      await answerIn(editor, 'The worker stopped on the way').waitFor();
      await approve(editor);
      await deliverableIn(editor).getByText(path.join(folder, 'public')).waitFor();
      assert.equal(await deliverableIn(editor).count(), 1);
      assert.equal(existsSync(path.join(folder, 'public/index.html')), true);
    });
  });
}
