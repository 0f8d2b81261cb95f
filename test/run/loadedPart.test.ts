import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadedPart } from '../../scripts/loadedPart.mjs';
import { openDatabase } from '../../server/adapters/storage/database.ts';
import { skipBecause } from './countReporter.ts';

const native = path.join(
  import.meta.dirname,
  `../../node_modules/better-sqlite3-multiple-ciphers/prebuilds/${process.platform}-${process.arch}.node`,
);

describe('what is packed of a program', () => {
  it('is smaller than the program, and loads and works as it does', async function () {
    if (process.platform !== 'linux') skipBecause(this, 'only programs of Linux are ELF files');
    const folder = await mkdtemp(path.join(tmpdir(), 'butler-loaded-'));
    try {
      const whole = await readFile(native);
      const loaded = loadedPart(Buffer.from(whole));
      assert.ok(loaded.length < whole.length);
      const nativeBinding = path.join(folder, 'sqlite.node');
      await writeFile(nativeBinding, loaded);
      const opened = openDatabase({ file: path.join(folder, 'a.db'), key: randomBytes(32), nativeBinding });
      assert.ok(opened.ok);
      assert.deepEqual(opened.value.prepare('select 6 * 7 as product').get(), { product: 42 });
      opened.value.close();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('is anything else as it is', () => {
    const text = Buffer.from('no program at all, but long enough to hold the head of one of them, and more');
    assert.deepEqual(loadedPart(Buffer.from(text)), text);
  });
});
