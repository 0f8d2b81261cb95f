import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type DatabasePlace, openDatabase } from '../../../server/adapters/storage/database.ts';
import { openStore } from '../../../server/adapters/storage/openStore.ts';
import { projectionTables } from '../../../server/adapters/storage/tables.ts';
import type { Store } from '../../../server/core/ports/store.ts';
import { type StoreUnderTest, testTime } from './storeUnderTest.ts';

/** A SQLite store in a folder of its own, with what only a test of SQLite wants to know. */
export interface SqliteUnderTest extends StoreUnderTest {
  readonly place: DatabasePlace & { readonly headFile: string };
  /** Runs statements past the store, as someone who holds the key could. */
  tamper(...statements: string[]): void;
}

/** Opens a fresh encrypted SQLite store. */
export async function sqliteUnderTest(): Promise<SqliteUnderTest> {
  const folder = await mkdtemp(path.join(tmpdir(), 'butler-store-'));
  const place = {
    file: path.join(folder, 'store.db'),
    headFile: path.join(folder, 'head'),
    key: randomBytes(32),
  };
  const time = testTime();
  const opened: Store[] = [];
  const another = async () => {
    const outcome = await openStore({ ...place, clock: time });
    assert.ok(outcome.ok, JSON.stringify(outcome));
    opened.push(outcome.value);
    return outcome.value;
  };
  return {
    store: await another(),
    time,
    place,
    another,
    tamper: (...statements) =>
      withDatabase(place, (database) => {
        for (const statement of statements) database.exec(statement);
      }),
    tables: () =>
      withDatabase(place, (database) => {
        const rows = (table: string) => database.prepare(`select * from ${table} order by 1`).all();
        return { projections: projectionTables.map((table) => [table, rows(table)]), leases: rows('leases') };
      }),
    async dispose() {
      for (const store of opened) await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Opens the database itself for the length of some work. */
export function withDatabase<T>(place: DatabasePlace, work: (database: RawDatabase) => T): T {
  const outcome = openDatabase(place);
  assert.ok(outcome.ok, JSON.stringify(outcome));
  try {
    return work(outcome.value);
  } finally {
    outcome.value.close();
  }
}

type RawDatabase = Extract<ReturnType<typeof openDatabase>, { ok: true }>['value'];
