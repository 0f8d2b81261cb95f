import assert from 'node:assert/strict';
import { removeStaged } from '../../../server/adapters/targets/remote/atWork.ts';
import type { RemoteFolder } from '../../../server/adapters/targets/remote/remoteFolder.ts';
import { until } from '../../support/until.ts';

describe('what a publication left under other names', () => {
  it('is taken away by as many requests at once as it was sent by, its folder last', async () => {
    const asked: string[] = [];
    const answers: (() => void)[] = [];
    const answer = async () => {
      await until(() => answers.length > 0);
      answers.shift()?.();
    };
    const paths = Array.from({ length: 9 }, (_, index) => `staged/${index}`);
    const folder: Pick<RemoteFolder, 'atOnce' | 'stages' | 'remove' | 'removeEmpty'> = {
      atOnce: 4,
      stages: true,
      remove: (path) => {
        asked.push(path);
        return new Promise((resolve) => answers.push(resolve));
      },
      removeEmpty: async ([only]) => void asked.push(only ?? ''),
    };
    const done = removeStaged(folder, paths, ['gone'], new AbortController().signal);
    await until(() => asked.length === 4);
    for (const _ of paths) await answer();
    await done;
    assert.deepEqual(asked, [...paths, '.butler-publish-gone']);
  });
});
