import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Editor } from './editor.ts';
import type { House } from './house.ts';
import { approve, deliverableIn, handOverSite, siteText } from './siteJob.ts';

/** Two windows on one store. */
export function twoWindows(house: () => House): void {
  describe('a job of another window', () => {
    const places = {
      'the same folder': async () => {
        const folder = await house().workspace('shared');
        return [folder, folder] as const;
      },
      'another folder': async () =>
        [await house().workspace('here'), await house().workspace('there')] as const,
    };
    for (const [place, folders] of Object.entries(places)) {
      it(`is seen and approved in a window on ${place}`, async () => {
        const [here, there] = await folders();
        const [first, second] = await Promise.all([house().open(here), house().open(there)]);
        await second.openButler();
        await handOverSite(first);
        await showJob(second);
        await approve(second);
        for (const editor of [first, second]) {
          await deliverableIn(editor).getByText(path.join(here, 'public')).waitFor();
          await editor.row('Jobs', siteText).filter({ hasText: 'completed' }).first().waitFor();
        }
        assert.equal(existsSync(path.join(here, 'public/index.html')), true);
        if (there !== here) assert.equal(existsSync(path.join(there, 'public')), false);
      });
    }
  });
}

async function showJob(editor: Editor): Promise<void> {
  await editor.row('Jobs', siteText).filter({ hasText: 'waits for you' }).click();
}
