import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { killedChild, momentAt, playUntilDead } from '../support/killedChild.ts';

const writesThree = `
import { writeFile } from 'node:fs/promises';
for (const name of ['a', 'b', 'c']) await writeFile(process.argv[2] + '/' + name, name);
process.exitCode = 7;
`;

describe('a child that is to die', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'butler-doom-'));
    await writeFile(path.join(folder, 'program.mjs'), writesThree);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const play = (moment?: number) => killedChild(path.join(folder, 'program.mjs'), [folder], moment);

  it('does nothing from the act on that it dies before', async () => {
    assert.equal(await play(2), null);
    assert.deepEqual(await readdir(folder), ['a', 'program.mjs']);
  });

  it('lives to its own end where its moment never comes, and tells how many acts it did', async () => {
    assert.deepEqual(await play(3.9), { code: 7, words: '', laps: [3] });
    assert.deepEqual(await readdir(folder), ['a', 'b', 'c', 'program.mjs']);
  });

  it('dies as often as is asked, in each part of its life, and is played again where it lived', async () => {
    const moments: number[] = [];
    await playUntilDead(3, async (share) => moments.push(momentAt(30, share)) !== 2);
    assert.deepEqual(
      moments.map((moment) => Math.floor((moment - 1) / 10)),
      [0, 1, 2, 0],
    );
  });

  it('fails the test where it never dies', async () => {
    await assert.rejects(
      playUntilDead(1, async () => false),
      /Only 0 of 6 died/,
    );
  });
});
