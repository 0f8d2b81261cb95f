import { sql } from 'kysely';
import type { JournalRange } from '../../core/ports/store.ts';
import type { EntryType } from '../../protocol/entryData.ts';
import type { Entry } from '../../protocol/journal.ts';
import { type EntryRow, entryOf } from './entryRow.ts';
import { frequentTypes, isRare } from './migrations.ts';
import type { Queries } from './prepare.ts';
import { sqlite } from './tables.ts';

/** Entries of a range, and whether there are more; without a cursor the newest ones. */
export function readEntries(queries: Queries, range: JournalRange): { entries: Entry[]; more: boolean } {
  const forward = range.after !== undefined;
  const stream = streamOf(queries, range);
  const found = narrowest(range).flatMap((types) => queries.all(selection(range, types, stream)));
  found.sort((a, b) => (forward ? a.seq - b.seq : b.seq - a.seq));
  const page = found.slice(0, range.limit);
  if (!forward) page.reverse();
  const entries = page.map(({ body, ...row }) => entryOf(row, body));
  return { entries, more: found.length > range.limit };
}

/** A filter by types alone reads each type by itself, most through their index; any other is one query. */
function narrowest({ filter }: JournalRange): (readonly EntryType[] | undefined)[] {
  const types = filter?.types;
  const byTypes = types && filter.stream === undefined && filter.job === undefined;
  return byTypes ? types.map((type) => [type]) : [types];
}

type Read = EntryRow & { readonly body: string | null };

function selection(range: JournalRange, types: readonly EntryType[] | undefined, stream: string | undefined) {
  const { filter = {}, after, before, limit, bodies } = range;
  const { job, actor, since, until } = filter;
  const [only] = types?.length === 1 && stream === undefined ? types : [];
  const rare = only !== undefined && !(frequentTypes as readonly string[]).includes(only);
  return sqlite
    .selectFrom('journal')
    .$if(bodies === true, (query) => query.leftJoin('contents', 'contents.seq', 'journal.seq'))
    .selectAll('journal')
    .select((bodies ? sql.ref<string | null>('contents.body') : sql<string | null>`null`).as('body'))
    .$if(stream !== undefined, (query) => query.where('stream', '=', stream ?? ''))
    .$if(job !== undefined, (query) => query.where('job', '=', job ?? ''))
    .$if(types !== undefined, (query) => query.where('type', 'in', types ?? []))
    .$if(rare, (query) => query.where(isRare))
    .$if(actor !== undefined, (query) => query.where('actor', '=', actor ?? ''))
    .$if(since !== undefined, (query) => query.where('time', '>=', since ?? 0))
    .$if(until !== undefined, (query) => query.where('time', '<=', until ?? 0))
    .$if(after !== undefined, (query) => query.where('journal.seq', '>', after ?? 0))
    .$if(before !== undefined, (query) => query.where('journal.seq', '<', before ?? 0))
    .orderBy('journal.seq', after === undefined ? 'desc' : 'asc')
    .limit(limit + 1)
    .$castTo<Read>();
}

/** The entries of a job lie in the stream of its session, which is indexed; only those of a deleted session are searched for. */
function streamOf(queries: Queries, { filter }: JournalRange): string | undefined {
  if (filter?.stream !== undefined || filter?.job === undefined) return filter?.stream;
  const job = sqlite.selectFrom('jobs').select('session').where('id', '=', filter.job);
  return queries.all(job)[0]?.session;
}
