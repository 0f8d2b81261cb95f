import type { Failure } from '../../protocol/failure.ts';
import type { Entry, EntryType } from '../../protocol/journal.ts';
import type { Apply } from './apply.ts';
import { callProjection } from './callProjection.ts';
import { deliverableProjection } from './deliverableProjection.ts';
import { jobProjection } from './jobProjection.ts';
import type { Queries } from './prepare.ts';
import { sessionProjection } from './sessionProjection.ts';

/** What each type of entry does to the projections; a pure function of the entries in their order. */
export function projections(queries: Queries): (entry: Entry) => Failure | null {
  const table = {
    ...sessionProjection(queries),
    ...jobProjection(queries),
    ...callProjection(queries),
    ...deliverableProjection(queries),
    'message.added': nothing,
    'attempt.failed': nothing,
    'call.refused': nothing,
    'execution.undoFailed': nothing,
    'secret.changed': nothing,
    'content.deleted': nothing,
  } satisfies { [T in EntryType]: Apply<T> };
  return (entry) => (table[entry.type] as (entry: Entry) => Failure | null)(entry);
}

const nothing = (): null => null;
