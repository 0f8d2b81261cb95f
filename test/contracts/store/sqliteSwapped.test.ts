import { strict as assert } from 'node:assert';
import { copyFile, rm } from 'node:fs/promises';
import { openStore } from '../../../server/adapters/storage/openStore.ts';
import type { Store } from '../../../server/core/ports/store.ts';
import { jobCreated, messageAdded, sessionCreated } from './drafts.ts';
import { type SqliteUnderTest, sqliteUnderTest } from './sqliteUnderTest.ts';

describe('a SQLite journal in whose place another valid one was put', () => {
  let under: SqliteUnderTest;
  beforeEach(async () => {
    under = await sqliteUnderTest();
  });
  afterEach(() => under.dispose());

  const write = async (store: Store, from: number, to: number, text: string) => {
    if (from === 1) assert.ok((await store.append([sessionCreated('s'), jobCreated('s', 'j')])).ok);
    for (let n = from; n <= to; n++)
      assert.ok((await store.append([messageAdded('s', 'j', `${text} ${n}`)])).ok);
  };
  /** Puts a database in the place of another one, whole: without the log beside it. */
  const put = async (from: string, to: string) => {
    for (const end of ['-wal', '-shm']) await rm(`${to}${end}`, { force: true });
    await copyFile(from, to);
  };
  const verdictNow = async () => {
    const store = await under.another();
    return store.verify();
  };
  const other = async (length: number) => {
    const { file, headFile, key } = under.place;
    const place = { file: `${file}.other`, headFile: `${headFile}.other`, key };
    const opened = await openStore({ ...place, clock: under.time });
    assert.ok(opened.ok);
    await write(opened.value, 1, length, 'other');
    assert.equal((await opened.value.verify()).state, 'clean');
    await opened.value.close();
    return place;
  };

  for (const [what, length] of [
    ['a longer', 20],
    ['a shorter', 3],
    ['an equally long', 8],
  ] as const) {
    it(`is found: ${what} one of another history, under the same key`, async () => {
      await write(under.store, 1, 8, 'ours');
      await under.store.close();
      await put((await other(length)).file, under.place.file);
      assert.equal((await verdictNow()).state, 'broken');
    });
  }

  it('is found: an older copy of itself, at the first entry that it lacks', async () => {
    await write(under.store, 1, 8, 'ours');
    await under.store.close();
    await copyFile(under.place.file, `${under.place.file}.old`);
    const later = await under.another();
    await write(later, 9, 12, 'ours');
    await later.close();
    await put(`${under.place.file}.old`, under.place.file);
    const verdict = await verdictNow();
    assert.ok(verdict.state === 'broken');
    assert.equal(verdict.seq, 11);
  });

  it('is not found where the head kept outside was put back with it: then only a note made elsewhere tells', async () => {
    await write(under.store, 1, 8, 'ours');
    await under.store.close();
    await copyFile(under.place.file, `${under.place.file}.old`);
    await copyFile(under.place.headFile, `${under.place.headFile}.old`);
    const later = await under.another();
    await write(later, 9, 12, 'ours');
    const noted = await later.verify();
    await later.close();
    await put(`${under.place.file}.old`, under.place.file);
    await copyFile(`${under.place.headFile}.old`, under.place.headFile);
    const verdict = await verdictNow();
    assert.ok(verdict.state === 'clean' && noted.state === 'clean');
    assert.notEqual(verdict.head, noted.head);
    assert.ok(verdict.entries < noted.entries);
  });
});
