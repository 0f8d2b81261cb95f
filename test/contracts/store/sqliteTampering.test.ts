import { strict as assert } from 'node:assert';
import { readFile, rm, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { hashOf } from '../../../server/adapters/storage/entryRow.ts';
import { jobCreated, messageAdded, sessionCreated } from './drafts.ts';
import { type SqliteUnderTest, sqliteUnderTest, withDatabase } from './sqliteUnderTest.ts';

const length = 12;
const unguarded = ['update', 'delete']
  .map((act) => `drop trigger journal_no_${act}`)
  .concat('drop trigger journal_order');

describe('a SQLite journal that someone with the key has changed', () => {
  let under: SqliteUnderTest;
  beforeEach(async () => {
    under = await sqliteUnderTest();
    await under.store.append([sessionCreated('s'), jobCreated('s', 'j')]);
    for (let n = 2; n < length; n++) await under.store.append([messageAdded('s', 'j', `message ${n}`)]);
  });
  afterEach(() => under.dispose());

  const brokenAt = async (seq: number) => {
    const verdict = await under.store.verify();
    assert.deepEqual({ ...verdict, what: '' }, { state: 'broken', seq, what: '' }, JSON.stringify(verdict));
  };

  it('is clean before', async () => {
    assert.equal((await under.store.verify()).state, 'clean');
  });

  it('refuses updates, deletions and replacements in the ordinary way', () => {
    for (const statement of [
      "update journal set actor = 'person' where seq = 3",
      'delete from journal where seq = 12',
      'insert or replace into journal select * from journal where seq = 4',
    ]) {
      assert.throws(() => under.tamper(statement), /the journal only grows/);
    }
  });

  it('is found at the first bad entry, whatever was done to it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(tamperings.length - 1),
        fc.integer({ min: 3, max: length - 1 }),
        async (kind, at) => {
          const fresh = await sqliteUnderTest();
          try {
            await fresh.store.append([sessionCreated('s'), jobCreated('s', 'j')]);
            for (let n = 2; n < length; n++)
              await fresh.store.append([messageAdded('s', 'j', `message ${n}`)]);
            const tampering = tamperings[kind];
            assert.ok(tampering);
            fresh.tamper(...unguarded, ...tampering.statements(at));
            const verdict = await fresh.store.verify();
            assert.equal(verdict.state, 'broken', tampering.name);
            assert.ok(verdict.state === 'broken');
            assert.equal(verdict.seq, tampering.bad(at), `${tampering.name} at ${at}: ${verdict.what}`);
          } finally {
            await fresh.dispose();
          }
        },
      ),
      { numRuns: 60 },
    );
  }).timeout(120_000);

  const rewrite = (seq: number) =>
    withDatabase(under.place, (database) => {
      for (const statement of unguarded) database.exec(statement);
      const row = database.prepare('select * from journal where seq = ?').get(seq) as Parameters<
        typeof hashOf
      >[0];
      const changed = { ...row, actor: 'person' };
      database
        .prepare('update journal set actor = ?, hash = ? where seq = ?')
        .run('person', hashOf(changed), seq);
    });

  it('is found when the newest entry was rewritten with a hash that fits', async () => {
    rewrite(length);
    await brokenAt(length);
  });

  it('is found at the next entry when one in the middle was rewritten with a hash that fits', async () => {
    rewrite(5);
    await brokenAt(6);
  });

  it('stays found when more is appended after a cut', async () => {
    under.tamper(...unguarded, 'delete from journal where seq > 9', 'delete from contents where seq > 9');
    await brokenAt(10);
    for (let n = 0; n < 6; n++) assert.ok((await under.store.append([messageAdded('s', 'j', 'after')])).ok);
    assert.equal((await under.store.verify()).state, 'broken');
    const again = await under.another();
    assert.ok((await again.append([messageAdded('s', 'j', 'after')])).ok);
    assert.equal((await again.verify()).state, 'broken');
  });

  it('shows when the head kept outside is gone or was written by someone else', async () => {
    const bytes = await readFile(under.place.headFile);
    const forged = Buffer.from(bytes);
    forged.write('0000000000000009', 0, 'latin1');
    await writeFile(under.place.headFile, forged);
    await brokenAt(length);
    await under.store.append([messageAdded('s', 'j', 'more')]);
    await brokenAt(length + 1);
    await rm(under.place.headFile);
    await brokenAt(length + 1);
  });
});

interface Tampering {
  readonly name: string;
  statements(at: number): string[];
  /** The first entry that is bad then. */
  bad(at: number): number;
}

const here = (at: number) => at;

const flips = ['stream', 'job', 'type', 'actor', 'data', 'content', 'prev', 'hash'].map(
  (column): Tampering => ({
    name: `flip ${column}`,
    statements: (at) => [`update journal set ${column} = ${column} || ' ' where seq = ${at}`],
    bad: here,
  }),
);

const tamperings: readonly Tampering[] = [
  ...flips,
  {
    name: 'flip time',
    statements: (at) => [`update journal set time = time + 1 where seq = ${at}`],
    bad: here,
  },
  {
    name: 'flip content',
    statements: (at) => [`update contents set body = replace(body, 'message', 'massage') where seq = ${at}`],
    bad: here,
  },
  { name: 'drop content', statements: (at) => [`delete from contents where seq = ${at}`], bad: here },
  { name: 'delete', statements: (at) => [`delete from journal where seq = ${at}`], bad: here },
  { name: 'truncate', statements: (at) => [`delete from journal where seq >= ${at}`], bad: here },
  {
    name: 'reorder',
    statements: (at) => [
      `update journal set seq = -1 where seq = ${at}`,
      `update journal set seq = ${at} where seq = ${at + 1}`,
      `update journal set seq = ${at + 1} where seq = -1`,
    ],
    bad: here,
  },
  {
    name: 'insert',
    statements: (at) => [
      `update journal set seq = -seq - 1 where seq > ${at}`,
      'update journal set seq = -seq where seq < 0',
      `insert into journal select ${at + 1}, time, stream, job, type, actor, data, content, hash, hash from journal where seq = ${at}`,
    ],
    bad: (at) => at + 1,
  },
  {
    name: 'append',
    statements: (at) => [
      `insert into journal select ${length + 1}, time, stream, job, type, actor, data, null, hash, hash from journal where seq = ${at}`,
    ],
    bad: () => length + 1,
  },
];
