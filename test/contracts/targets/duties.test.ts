import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { targets } from '../../../server/adapters/targets/index.ts';
import { skipBecause } from '../../run/countReporter.ts';
import { type Duty, duties, type Shown, shownBy } from './duties.ts';

describe('what every target must show', () => {
  it('is told of every target that there is', () => {
    assert.deepEqual(Object.keys(shownBy).sort(), targets.map(({ name }) => name).sort());
  });

  for (const [target, rows] of Object.entries(shownBy)) {
    describe(target, () => {
      for (const [duty, shown] of Object.entries(rows) as [Duty, Shown][]) {
        it(duties[duty], async function () {
          if ('because' in shown) skipBecause(this, shown.because);
          const files = await readdir(import.meta.dirname);
          assert.ok(files.includes(shown.file), `${shown.file} is there`);
          const text = await readFile(path.join(import.meta.dirname, shown.file), 'utf8');
          assert.ok(
            titlesIn(text).some((title) => title.includes(shown.test)),
            `${shown.file}: ${shown.test}`,
          );
        });
      }
    });
  }
});

/** What the tests of a file are called. */
function titlesIn(text: string): string[] {
  return [...text.matchAll(/\b(?:it|describe)\(\s*(['"`])((?:\\.|(?!\1)[\s\S])*)\1/g)].map(
    ([, , title = '']) => title,
  );
}
