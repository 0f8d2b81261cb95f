import type { Database } from 'better-sqlite3';
import { type Failure, good, type Outcome } from '../../protocol/failure.ts';
import type { Entry } from '../../protocol/journal.ts';
import { entryOf } from './entryRow.ts';
import type { Queries } from './prepare.ts';
import { projectionTables, sqlite } from './tables.ts';
import type { Transact } from './transaction.ts';

/** What folding anew needs. */
export interface RebuildParts {
  readonly database: Database;
  readonly queries: Queries;
  readonly transact: Transact;
  readonly apply: (entry: Entry) => Failure | null;
}

/** Drops the projections and folds every entry again, in one transaction; leases stay as they are. */
export function rebuild({ database, queries, transact, apply }: RebuildParts): Outcome<void> {
  const page = queries.prepare({ after: 0 }, ({ after }) =>
    sqlite.selectFrom('journal').selectAll().where('seq', '>', after).orderBy('seq').limit(pageSize),
  );
  return transact(() => {
    for (const table of projectionTables) database.exec(`delete from ${table}`);
    let rows = page.all({ after: 0 });
    while (rows.length > 0) {
      for (const row of rows) {
        const refusal = apply(entryOf(row));
        if (refusal) throw new Error(`Entry ${row.seq} (${row.type}) does not follow: ${refusal.what}`);
      }
      rows = page.all({ after: rows.at(-1)?.seq ?? 0 });
    }
    return good(undefined);
  });
}

const pageSize = 1000;
