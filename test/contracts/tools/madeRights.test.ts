import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { writeFile } from '../../../server/adapters/tools/writeFile.ts';
import { skipBecause } from '../../run/countReporter.ts';
import { call, makeGround, value } from './ground.ts';

describe('a new file of a person who shares with nobody', () => {
  const usual = process.umask();
  afterEach(() => void process.umask(usual));

  it('is shared with nobody when it is made again either', async function () {
    if (process.platform === 'win32') skipBecause(this, 'Windows gives rights in another way');
    await using ground = await makeGround({});
    const rights = async () => (await stat(path.join(ground.workspace, 'a.txt'))).mode & 0o777;
    process.umask(0o077);
    const made = await call(ground, writeFile, { path: 'a.txt', content: 'mine' });
    assert.equal(await rights(), 0o600);
    assert.ok(writeFile.undo && writeFile.redo);
    value(await writeFile.undo(made.result.undo, ground.context()));
    value(await writeFile.redo(made.result.undo, ground.context()));
    assert.equal(await rights(), 0o600);
  });
});
