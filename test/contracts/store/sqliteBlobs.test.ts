import { strict as assert } from 'node:assert';
import { setImmediate as turn } from 'node:timers/promises';
import { adminStream } from '../../../server/protocol/journal.ts';
import { until } from '../../support/until.ts';
import { type SqliteUnderTest, sqliteUnderTest, withDatabase } from './sqliteUnderTest.ts';

const mebibyte = 1024 * 1024;
const hour = 60 * 60_000;

describe('large blobs in a SQLite store', () => {
  let under: SqliteUnderTest;
  beforeEach(async () => {
    under = await sqliteUnderTest();
  });
  afterEach(() => under.dispose());

  const count = (table: string) =>
    withDatabase(under.place, (database) => database.prepare(`select count(*) as n from ${table}`).get());
  const none = { n: 0 };
  const deleteBlob = (digest: string) => {
    const entry = { stream: adminStream, type: 'content.deleted', actor: 'person' } as const;
    return under.store.append([{ ...entry, data: { digests: [digest] } }]);
  };
  /** How often other work came to its turn meanwhile. */
  const turnsDuring = async (work: () => Promise<unknown>) => {
    let [turns, isOver] = [0, false];
    const other = (async () => {
      for (; !isOver; turns++) await turn();
    })();
    await work();
    isOver = true;
    await other;
    return turns;
  };
  async function* pieces(letter: string, between: () => Promise<unknown> = async () => undefined) {
    for (let index = 0; index < 3; index++) {
      yield Buffer.alloc(mebibyte, letter);
      await between();
    }
  }

  it('are there whole or not at all when it is cut off at their end', async () => {
    under.tamper("create trigger dies before delete on blobArrivals begin select raise(abort, 'died'); end");
    await assert.rejects(under.store.blobs.putAll(pieces('a')), /died/);
    assert.deepEqual(count('blobs'), none);
    under.tamper('drop trigger dies');
    under.time.pass(7 * hour);
    const other = await under.store.blobs.putAll(pieces('b'));
    const kept = await under.store.blobs.putAll(pieces('a'));
    assert.deepEqual([kept.size, other.size], [3 * mebibyte, 3 * mebibyte]);
    assert.deepEqual([count('blobParts'), count('blobArrivals')], [{ n: 6 }, none]);
  });

  it('come for as long as they give a sign of life, and else come to nothing rather than to half', async () => {
    const another = await under.another();
    const sweep = () => another.blobs.putAll(pieces('b'));
    const slow = await under.store.blobs.putAll(
      pieces('a', async () => {
        under.time.pass(5 * hour);
        await sweep();
      }),
    );
    assert.equal((await under.store.blobs.get(slow.digest))?.length, 3 * mebibyte);
    const stuck = pieces('c', async () => {
      under.time.pass(7 * hour);
      await sweep();
    });
    await assert.rejects(under.store.blobs.putAll(stuck), /taken for given up/);
    assert.deepEqual([count('blobs'), count('blobArrivals')], [{ n: 2 }, none]);
  });

  it('come and are read while other work goes on, though nobody waits for a piece', async () => {
    async function* ready() {
      for (let index = 0; index < 20; index++) yield Buffer.alloc(mebibyte, `${index} `);
    }
    let digest = '';
    const coming = await turnsDuring(async () => {
      ({ digest } = await under.store.blobs.putAll(ready()));
    });
    const going = await turnsDuring(async () => {
      for await (const _ of (await under.store.blobs.open(digest)) ?? []);
    });
    assert.ok(coming >= 18 && going >= 18, `${coming} turns, ${going} turns`);
  });

  it('that are deleted are gone at once, and their bytes a few at a time, so that others can write', async () => {
    async function* many() {
      for (let index = 0; index < 4; index++) yield* pieces(`${index}`);
    }
    const { digest } = await under.store.blobs.putAll(many());
    await deleteBlob(digest);
    assert.equal(await under.store.blobs.open(digest), null);
    const left = (count('blobParts') as typeof none).n;
    assert.ok(left > 0 && left < 12, `${left} parts are left`);
    await under.store.close();
    assert.notDeepEqual(count('blobParts'), none, 'who closes does not wait for it');
    await under.another();
    await until(() => (count('blobArrivals') as typeof none).n === 0);
    assert.deepEqual(count('blobParts'), none);
  });

  it('with a part missing are a fault, not a shorter file', async () => {
    const { digest } = await under.store.blobs.putAll(pieces('a'));
    under.tamper('delete from blobParts where part = 2');
    await assert.rejects(under.store.blobs.get(digest), /holds 2097152 of 3145728 bytes/);
    const read = async () => {
      for await (const _ of (await under.store.blobs.open(digest, mebibyte)) ?? []);
    };
    await assert.rejects(read(), /of 3145728 bytes/);
  });
});
