import { hash } from 'node:crypto';
import type { Entry } from '../../protocol/journal.ts';
import type { Tables } from './tables.ts';

/** An entry as its row holds it. */
export type EntryRow = Tables['journal'];

/** What stands before the first entry. */
export const firstPrev = '0'.repeat(64);

/** SHA-256 over every other column of a row, as one JSON array in the order of the columns. */
export function hashOf(row: Omit<EntryRow, 'hash'>): string {
  const { seq, time, stream, job, type, actor, data, content, prev } = row;
  return digestOf(JSON.stringify([seq, time, stream, job, type, actor, data, content, prev]));
}

/** SHA-256 in lower-case hex. */
export function digestOf(bytes: string | Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}

/** The entry that a row holds, with its content where it is at hand. */
export function entryOf(row: EntryRow, body?: string | null): Entry {
  const entry = { ...row, data: JSON.parse(row.data) as unknown };
  return (
    body === undefined || body === null ? entry : { ...entry, body: JSON.parse(body) as unknown }
  ) as Entry;
}
