import type { EntryType } from '../../protocol/entryData.ts';
import type { Failure } from '../../protocol/failure.ts';
import type { Entry } from '../../protocol/journal.ts';
import type { Apply } from './apply.ts';
import { callProjection } from './callProjection.ts';
import { deliverableProjection } from './deliverableProjection.ts';
import { jobProjection } from './jobProjection.ts';
import { keptProjection } from './keptProjection.ts';
import type { Queries } from './prepare.ts';
import { sessionProjection } from './sessionProjection.ts';
import { setUpProjection } from './setUpProjection.ts';
import { spendingProjection } from './spendingProjection.ts';

/** What each type of entry does to the projections; a pure function of the entries in their order. */
export function projections(queries: Queries): (entry: Entry) => Failure | null {
  const jobs = jobProjection(queries);
  const spending = spendingProjection(queries);
  const table = {
    ...sessionProjection(queries),
    ...jobs,
    ...callProjection(queries),
    ...deliverableProjection(queries),
    ...spending,
    'job.routed': (entry) => jobs['job.routed'](entry) ?? spending['job.routed'](entry),
    ...setUpProjection(queries),
    ...keptProjection(queries),
    'job.modeSet': nothing,
    'policy.changed': nothing,
    'provider.switched': nothing,
    'budget.raised': nothing,
    'call.refused': nothing,
    'execution.undoFailed': nothing,
    'secret.changed': nothing,
    'content.deleted': nothing,
  } satisfies { [T in EntryType]: Apply<T> };
  return (entry) => (table[entry.type] as (entry: Entry) => Failure | null)(entry);
}

const nothing = (): null => null;
