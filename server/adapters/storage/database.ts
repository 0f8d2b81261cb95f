import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import type { Database } from 'better-sqlite3';
import Sqlite from 'better-sqlite3-multiple-ciphers';
import { bad, type Failure, failures, good, type Outcome } from '../../protocol/failure.ts';
import { faultOf } from './fault.ts';

/** Where the database lies and what opens it. */
export interface DatabasePlace {
  readonly file: string;
  /** 32 random bytes. */
  readonly key: Uint8Array;
  /** Path of the engine's `.node` file; the package's own one by default. */
  readonly nativeBinding?: string | undefined;
}

/** Opens the encrypted file, or creates it empty and readable by its owner only. */
export function openDatabase(place: DatabasePlace): Outcome<Database> {
  const unfit = engineFault(process.versions.napi);
  if (unfit) return bad(unfit);
  let database: Database | null = null;
  try {
    createFile(place.file);
    database = new Sqlite(place.file, {
      timeout: longestWait,
      ...(place.nativeBinding ? { nativeBinding: place.nativeBinding } : {}),
    });
    for (const pragma of unlocking(place.key)) database.pragma(pragma);
    database.prepare('select count(*) from sqlite_schema').get();
    for (const pragma of settings) database.pragma(pragma);
    return good(database);
  } catch (error) {
    database?.close();
    return bad(faultOf(error) ?? systemFault(error));
  }
}

/** Why the engine cannot run on a Node with this version of its native interface; `null` where it can. */
export function engineFault(napi: string | undefined): Failure | null {
  if (Number(napi) >= oldestInterface) return null;
  return failures.store(
    `This Node.js is too old for the store: it offers Node-API ${napi ?? 'nothing'}, and ${oldestInterface} is needed.`,
    'Update VS Code, or run butler with Node.js 22.14 or newer.',
  );
}

const oldestInterface = 10;
/** How long a statement waits for another process, in ms. */
const longestWait = 10_000;

/** AEGIS-256 seals each page; `raw:` takes the key as it is (docs/decisions says why this cipher). */
function unlocking(key: Uint8Array): string[] {
  return ["cipher='aegis'", `key='raw:${Buffer.from(key).toString('hex')}'`];
}

/** Temporary tables stay in memory: on disk they would not be encrypted. */
const settings = [
  'journal_mode=WAL',
  'synchronous=NORMAL',
  'temp_store=MEMORY',
  'secure_delete=ON',
  'trusted_schema=OFF',
  'wal_autocheckpoint=4000',
];

function createFile(file: string): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
  if (process.platform !== 'win32') chmodSync(file, 0o600);
}

/** Errors of the file system are expected here; anything else is thrown on. */
function systemFault(error: unknown): Failure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!/^(E[A-Z]+|ERR_DLOPEN_FAILED|MODULE_NOT_FOUND)$/.test(code)) throw error;
  return failures.store(
    `The store cannot be opened (${code}).`,
    'Check that its folder may be written by you, and install the product again if it stays.',
  );
}
