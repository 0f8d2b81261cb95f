import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { House } from './house.ts';
import { answerIn, approve, deliverableIn, handOverSite, questionIn, siteText } from './siteJob.ts';

/** The main job, by clicks. */
export function mainJob(house: () => House): void {
  describe('the main job', () => {
    it('is handed over, watched, approved, delivered and undone by clicks', async () => {
      const folder = await house().workspace('main');
      const editor = await house().open(folder);
      const site = path.join(folder, 'public/index.html');
      await handOverSite(editor);
      await answerIn(editor, 'in 2 steps').waitFor();
      await questionIn(editor).getByText('docs/reference/options.html').waitFor();
      await editor.row('Jobs', siteText).filter({ hasText: 'waits for you' }).waitFor();
      assert.equal(existsSync(site), false);
      await approve(editor);
      const card = deliverableIn(editor);
      await card.getByText(path.join(folder, 'public')).waitFor();
      await editor.row('Jobs', siteText).filter({ hasText: 'completed' }).waitFor();
      assert.equal(existsSync(site), true);
      await card.getByRole('button', { name: 'Undo' }).click();
      await card.getByText('Draft, not published yet').waitFor();
      assert.equal(existsSync(path.join(folder, 'public')), false);
    });
  });
}
