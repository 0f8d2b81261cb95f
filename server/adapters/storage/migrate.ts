import { existsSync, renameSync, rmSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import type { Migration } from './migrations.ts';

/**
 * Brings a database to the newest schema in one transaction; a second process that waited finds it done.
 * An older database is copied beside itself first, encrypted as it is; a newer one is refused untouched.
 */
export function migrate(database: Database, migrations: readonly Migration[]): Outcome<void> {
  const version = versionOf(database);
  if (version > migrations.length) return bad(tooNew(version, migrations.length));
  if (version === migrations.length) return good(undefined);
  if (version > 0) backUp(database, version);
  database.exec('begin immediate');
  try {
    const now = versionOf(database);
    for (const migration of migrations.slice(now)) {
      for (const statement of migration.statements()) database.exec(statement);
    }
    if (now < migrations.length) database.pragma(`user_version=${migrations.length}`);
    database.exec('commit');
  } catch (error) {
    if (database.inTransaction) database.exec('rollback');
    throw error;
  }
  return good(undefined);
}

/** Where the copy of an older database is put. */
export function backupOf(file: string, version: number): string {
  return `${file}.version-${version}.backup`;
}

function versionOf(database: Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

function backUp(database: Database, version: number): void {
  const backup = backupOf(database.name, version);
  if (existsSync(backup)) return;
  const unfinished = `${backup}.${process.pid}`;
  rmSync(unfinished, { force: true });
  database.prepare('vacuum into ?').run(unfinished);
  renameSync(unfinished, backup);
}

function tooNew(version: number, known: number) {
  return failures.store(
    `The store was written by a newer version of the product (schema ${version}; this one knows ${known}).`,
    'Update this copy of the product; the store was not touched.',
  );
}
