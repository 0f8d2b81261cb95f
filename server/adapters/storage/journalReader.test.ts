import assert from 'node:assert/strict';
import type { Database } from 'better-sqlite3';
import Sqlite from 'better-sqlite3-multiple-ciphers';
import type { JournalRange } from '../../core/ports/store.ts';
import { journalReader } from './journalReader.ts';
import { migrations } from './migrations.ts';
import { queriesOn } from './prepare.ts';

/** A journal of ten entries of one stream, and the texts that were prepared to read it. */
function ground() {
  const database: Database = new Sqlite(':memory:');
  for (const step of migrations) for (const statement of step.statements()) database.exec(statement);
  const put = database.prepare(
    `insert into journal (seq, time, stream, type, actor, data, prev, hash) values (?, ?, 's', ?, 'person', '{}', '', ?)`,
  );
  for (let seq = 1; seq <= 10; seq++)
    put.run(seq, seq, seq % 2 ? 'job.claimed' : 'session.deleted', `${seq}`);
  const texts: string[] = [];
  const noting = new Proxy(database, {
    get: (of, name) =>
      name === 'prepare'
        ? (text: string) => of.prepare(texts[texts.push(text) - 1] ?? '')
        : Reflect.get(of, name),
  });
  const read = journalReader(queriesOn(noting));
  const numbers = (range: JournalRange) => {
    const { entries, more } = read(range);
    return [entries.map(({ seq }) => seq), more];
  };
  return { numbers, texts, close: () => database.close() };
}

describe('a reader of the journal', () => {
  it('gives each page its length, and tells whether there are more', () => {
    const { numbers, close } = ground();
    for (let limit = 1; limit <= 12; limit++) {
      const all = Array.from({ length: 10 }, (_, index) => index + 1);
      assert.deepEqual(numbers({ limit, after: 0 }), [all.slice(0, limit), limit < 10]);
      assert.deepEqual(numbers({ limit }), [all.slice(-limit), limit < 10]);
    }
    close();
  });

  it('reads an entry once, however often its type is named', () => {
    const { numbers, close } = ground();
    for (const stream of [undefined, 's']) {
      const types = ['session.deleted', 'job.claimed', 'session.deleted'] as const;
      const filter = { types: [...types], ...(stream ? { stream } : {}) };
      assert.deepEqual(numbers({ limit: 10, after: 0, filter }), [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], false]);
    }
    close();
  });

  it('needs few statements for pages of any length', () => {
    const { numbers, texts, close } = ground();
    for (let limit = 1; limit <= 2_000; limit++) numbers({ limit, after: 0 });
    assert.ok(texts.length <= 11, String(texts.length));
    close();
  });

  it('has nothing in the text of its queries that came from outside, but for known types and a number', () => {
    const { numbers, texts, close } = ground();
    const mark = "x' or 1=1 --";
    const filter = { stream: mark, job: mark, actor: mark, since: 77_777, until: 88_888 };
    assert.deepEqual(numbers({ limit: 10, after: 66_666, filter }), [[], false]);
    assert.deepEqual(numbers({ limit: 10, before: 66_666, filter: { actor: mark } }), [[], false]);
    assert.ok(texts.length >= 2);
    assert.doesNotMatch(texts.join('\n'), /1=1|77777|88888|66666/);
    close();
  });
});
