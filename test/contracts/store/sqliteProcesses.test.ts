import { strict as assert } from 'node:assert';
import { rm } from 'node:fs/promises';
import { jobCreated, sessionCreated } from './drafts.ts';
import { forkOn, messagesOf } from './processes.ts';
import { type SqliteUnderTest, sqliteUnderTest } from './sqliteUnderTest.ts';

describe('several processes on one SQLite store', () => {
  let under: SqliteUnderTest;
  beforeEach(async () => {
    under = await sqliteUnderTest();
  });
  afterEach(() => under.dispose());

  it('claim each of 2,000 jobs exactly once', async () => {
    const jobs = Array.from({ length: 2000 }, (_, n) => `j${n}`);
    await under.store.append(
      jobs.flatMap((job) => [sessionCreated(`s-${job}`), jobCreated(`s-${job}`, job)]),
    );
    const claims = await Promise.all([1, 2, 3, 4].map(() => messagesOf(forkOn(under, 'claim'))));
    const { running, queued } = await under.store.admin();
    assert.deepEqual([running, queued], [2000, 0]);
    assert.equal(claims.flat().length, jobs.length);
    assert.deepEqual(new Set(claims.flat()), new Set(jobs));
    assert.equal((await under.store.verify()).state, 'clean');
  }).timeout(60_000);

  it('lose nothing acknowledged when one is killed while it appends', async () => {
    await under.store.append([sessionCreated('s'), jobCreated('s', 'j')]);
    for (let round = 1; round <= 10; round++) {
      const before = await under.store.head();
      const acknowledged = await messagesOf(forkOn(under, 'append'), (heard) => heard.length >= 17 * round);
      const last = acknowledged.at(-1);
      assert.ok(typeof last === 'number' && last > before);
      const head = await under.store.head();
      assert.ok(head >= last, `entry ${last} was acknowledged, the journal ends at ${head}`);
      assert.equal(head % 2, 0, 'half an append stands in the journal');
      assert.equal((await under.store.verify()).state, 'clean');
    }
    const before = under.tables();
    await under.store.rebuild();
    assert.deepEqual(under.tables(), before);
  }).timeout(120_000);

  it('open a new store at the same moment', async () => {
    await under.store.close();
    for (const suffix of ['', '-wal', '-shm']) await rm(under.place.file + suffix, { force: true });
    await rm(under.place.headFile);
    const heads = await Promise.all([1, 2, 3, 4].map(() => messagesOf(forkOn(under, 'open'))));
    assert.deepEqual(heads, [[0], [0], [0], [0]]);
    assert.equal((await (await under.another()).verify()).state, 'clean');
  }).timeout(60_000);
});
