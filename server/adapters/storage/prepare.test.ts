import assert from 'node:assert/strict';
import type { Database } from 'better-sqlite3';
import Sqlite from 'better-sqlite3-multiple-ciphers';
import { sql } from 'kysely';
import { queriesOn, type Value } from './prepare.ts';
import { sqlite } from './tables.ts';

/** A queue of three, and the texts that were prepared on it. */
function ground() {
  const database: Database = new Sqlite(':memory:');
  database.exec('create table leases (job text primary key, worker text, until integer)');
  database.exec("insert into leases values ('a', 'it''s me', 1), ('b', 'other', 2), ('c', null, 3)");
  const texts: string[] = [];
  const noting = new Proxy(database, {
    get: (of, name) =>
      name === 'prepare'
        ? (text: string) => {
            texts.push(text);
            return of.prepare(text);
          }
        : Reflect.get(of, name),
  });
  return { queries: queriesOn(noting), texts, close: () => database.close() };
}

describe('a prepared query', () => {
  it('has its constants in its text, and only its arguments are bound', () => {
    const { queries, texts, close } = ground();
    const found = queries.prepare({ after: 0 }, ({ after }) =>
      sqlite
        .selectFrom('leases')
        .select('job')
        .where('worker', 'in', ["it's me", 'other'])
        .where('until', '>', after)
        .where('until', '!=', 7)
        .orderBy('until')
        .limit(2),
    );
    assert.deepEqual(
      [0, 1, 2].map((after) => found.all({ after }).map(({ job }) => job)),
      [['a', 'b'], ['b'], []],
    );
    assert.equal(texts.length, 1);
    assert.equal(texts[0]?.split('?').length, 2, texts[0]);
    assert.match(texts[0] ?? '', /'it''s me', 'other'.* limit 2$/);
    close();
  });

  it('binds an argument wherever it is used, and writes constants beside it', () => {
    const { queries, close } = ground();
    const put = queries.prepare({ job: '', until: 0 }, ({ job, until }) =>
      sqlite
        .insertInto('leases')
        .values({ job, worker: 'nobody', until })
        .onConflict((row) => row.column('job').doUpdateSet({ worker: "it's taken", until })),
    );
    assert.deepEqual([put.run({ job: 'a', until: 9 }), put.run({ job: 'd', until: 8 })], [1, 1]);
    const all = queries.all(sqlite.selectFrom('leases').select(['job', 'worker', 'until']).orderBy('job'));
    assert.deepEqual(
      all.map((row) => Object.values(row)),
      [
        ['a', "it's taken", 9],
        ['b', 'other', 2],
        ['c', null, 3],
        ['d', 'nobody', 8],
      ],
    );
    close();
  });

  it('keeps each constant what it is, or is refused', () => {
    const { queries, close } = ground();
    const back = (value: Value | undefined) =>
      queries.prepare({}, () => sqlite.selectNoFrom(sql.val(value).as('it'))).get({})?.it;
    const texts = ["it's", "'; drop table leases; --", 'a\\b', '?', ':job', '"', 'two\nlines', '👩‍👩‍👧', ''];
    for (const value of [...texts, 0, 1.5, -7, 1e21, 5e-324, Number.MAX_VALUE, 2 ** 63, null])
      assert.equal(back(value), value);
    for (const value of ['a\0b', Number.NaN, Number.POSITIVE_INFINITY, undefined, Uint8Array.of(1)])
      assert.throws(() => back(value));
    assert.equal(queries.all(sqlite.selectFrom('leases').select('job')).length, 3);
    close();
  });
});
