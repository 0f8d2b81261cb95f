import { setTimeout } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import type { Store } from '../../core/ports/store.ts';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { type DatabasePlace, openDatabase } from './database.ts';
import { faultOf, isBusy } from './fault.ts';
import { migrate } from './migrate.ts';
import { migrations as allMigrations, type Migration } from './migrations.ts';
import { type StoreParts, storeOver } from './storeOver.ts';

/** What a store is opened with. */
export interface StoreOptions extends DatabasePlace, Omit<StoreParts, 'database'> {
  /** The steps of the schema; all of them by default. */
  readonly migrations?: readonly Migration[];
}

/** Opens the store, or creates it; several processes may do so at once. Fails with kind `store`. */
export async function openStore(options: StoreOptions): Promise<Outcome<Store>> {
  for (let tries = 1; ; tries++) {
    const opened = openOnce(options);
    if (opened !== 'busy') return opened;
    if (tries === mostTries) return bad(busy);
    await setTimeout(between);
  }
}

const mostTries = 100;
/** Milliseconds between two tries to open a store that another process creates just now. */
const between = 50;
const busy = failures.store('Another process keeps the store busy.', 'Close it or wait, then try again.');

function openOnce(options: StoreOptions): Outcome<Store> | 'busy' {
  let database: Database | null = null;
  try {
    const opened = openDatabase(options);
    if (!opened.ok) return opened;
    database = opened.value;
    const migrated = migrate(database, options.migrations ?? allMigrations);
    if (migrated.ok) return good(storeOver({ ...options, database }));
    database.close();
    return migrated;
  } catch (error) {
    database?.close();
    if (isBusy(error)) return 'busy';
    const fault = faultOf(error);
    if (!fault) throw error;
    return bad(fault);
  }
}
