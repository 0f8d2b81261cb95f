import Sqlite from 'better-sqlite3-multiple-ciphers';
import { type Failure, failures } from '../../protocol/failure.ts';

/** The failure behind an error of the engine, or `null` where the error is a bug of ours and must be thrown on. */
export function faultOf(error: unknown): Failure | null {
  if (!(error instanceof Sqlite.SqliteError)) return null;
  const row = faults.find(([code]) => error.code === code || error.code.startsWith(`${code}_`));
  return row?.[1] ?? null;
}

/** Whether the engine says that another process is at work just now. */
export function isBusy(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && /^SQLITE_(BUSY|LOCKED)/.test(error.code);
}

const faults: readonly (readonly [code: string, failure: Failure])[] = [
  ['SQLITE_FULL', failures.store('The disk is full; nothing was done.', 'Free some space, then try again.')],
  [
    'SQLITE_READONLY',
    failures.store(
      'The store cannot be written; nothing was done.',
      'Make its folder writable for you, then try again.',
    ),
  ],
  [
    'SQLITE_IOERR',
    failures.store('The disk failed under the store; nothing was done.', 'Check the disk, then try again.'),
  ],
  [
    'SQLITE_CANTOPEN',
    failures.store(
      'The store cannot be opened.',
      'Check that its folder exists and that you may write there.',
    ),
  ],
  [
    'SQLITE_BUSY',
    failures.store('Another process keeps the store busy; nothing was done.', 'Try again in a moment.'),
  ],
  [
    'SQLITE_NOTADB',
    failures.store(
      'The store cannot be read with its key.',
      'Bring back the key it was made with, or move the file away to begin with an empty store.',
    ),
  ],
  [
    'SQLITE_CORRUPT',
    failures.store(
      'The file of the store is damaged.',
      'Move it away and bring back a backup; the damaged file stays of use for rescue.',
    ),
  ],
  [
    'SQLITE_CONSTRAINT_UNIQUE',
    failures.conflict('This was noted already.', 'Look again: someone was faster.'),
  ],
];
