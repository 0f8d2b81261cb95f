import { spawnSync } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Family } from '../family.ts';
import { rowOf } from '../row.ts';

/** What a person downloads. */
export const size: Family = {
  name: 'size',
  measure: async ({ root, folder }) => {
    const file = path.join(folder, 'butler.vsix');
    const made = spawnSync(process.execPath, ['scripts/package.mjs', '--any-size', '--out', file], {
      cwd: root,
      encoding: 'utf8',
    });
    if (globSync(file).length === 0) throw new Error(`no package was made: ${made.stderr}`);
    return [
      rowOf({
        name: `vsix for ${process.platform}-${process.arch}`,
        value: statSync(file).size / 1_048_576,
        unit: 'MB',
        limit: { atMost: 5 },
      }),
    ];
  },
};
