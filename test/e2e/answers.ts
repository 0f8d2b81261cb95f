import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { beSeen, noticeSeen } from './editor.ts';
import type { House } from './house.ts';
import { answerIn, deliverableIn, handOverSite, questionIn } from './siteJob.ts';

/** A question answered on its other surfaces, and answered with no. */
export function answers(house: () => House): void {
  describe('a question', () => {
    it('can be approved from its notification, which then goes away', async () => {
      const folder = await house().workspace('notified');
      const editor = await house().open(folder);
      await handOverSite(editor);
      const notice = editor.toast(/Publish \d+ files to .\/public/);
      await notice.waitFor();
      await editor.status.filter({ hasText: '1 waiting' }).waitFor();
      await noticeSeen(editor);
      await notice.getByRole('button', { name: 'Approve' }).click();
      await deliverableIn(editor).getByText(path.join(folder, 'public')).waitFor();
      await notice.waitFor({ state: 'hidden' });
      assert.equal(existsSync(path.join(folder, 'public/index.html')), true);
    });

    it('can be denied in the chat; then nothing is published and the job says why', async () => {
      const folder = await house().workspace('denied');
      const editor = await house().open(folder);
      await handOverSite(editor);
      const question = questionIn(editor);
      await question.waitFor();
      await beSeen(editor);
      await question.getByRole('button', { name: 'Deny' }).click();
      await answerIn(editor, 'I stopped at step 2 of 2').waitFor();
      await answerIn(editor, /^Denied$/).waitFor();
      await editor.toast(/Publish \d+ files/).waitFor({ state: 'hidden' });
      await editor.status.filter({ hasText: 'Butler' }).waitFor();
      assert.equal(existsSync(path.join(folder, 'public')), false);
    });
  });
}
