import { sql } from 'kysely';
import type { JournalRange } from '../../core/ports/store.ts';
import type { EntryType } from '../../protocol/entryData.ts';
import type { Entry } from '../../protocol/journal.ts';
import { type EntryRow, entryOf } from './entryRow.ts';
import { frequentTypes, isRare } from './migrations.ts';
import type { Prepared, Queries } from './prepare.ts';
import { sqlite } from './tables.ts';

/** Reads entries of a range, and tells whether there are more; without a cursor the newest ones. */
export type JournalReader = (range: JournalRange) => { entries: Entry[]; more: boolean };

/** Reads the journal of one connection; ranges of one shape share a prepared query. */
export function journalReader(queries: Queries): JournalReader {
  const shapes = new Map<string, Prepared<Args, Read>>();
  const sessionOf = queries.prepare({ job: '' }, ({ job }) =>
    sqlite.selectFrom('jobs').select('session').where('id', '=', job),
  );
  const prepared = (range: JournalRange, types: Types) => {
    const shape = shapeOf(range, types);
    const known = shapes.get(shape);
    if (known) return known;
    const fresh = queries.prepare(noArgs, (args) => selection(range, types, args));
    if (shapes.size >= mostShapes) shapes.clear();
    shapes.set(shape, fresh);
    return fresh;
  };
  return (asked) => {
    const range = withStream(asked, (job) => sessionOf.get({ job })?.session);
    const { filter = {}, after = 0, before = 0, limit } = range;
    const args = { ...noArgs, ...defined(filter), after, before };
    const found = narrowest(asked).flatMap((types) => prepared(range, types).all(args));
    const forward = range.after !== undefined;
    found.sort((a, b) => (forward ? a.seq - b.seq : b.seq - a.seq));
    const page = found.slice(0, limit);
    if (!forward) page.reverse();
    const entries = page.map(({ body, ...row }) => entryOf(row, body));
    return { entries, more: found.length > limit };
  };
}

/** A page of history may be asked for in any of many shapes; those of a running job are few. */
const mostShapes = 100;

const noArgs = { stream: '', job: '', actor: '', since: 0, until: 0, after: 0, before: 0 };
type Args = typeof noArgs;
type Read = EntryRow & { readonly body: string | null };
type Types = readonly EntryType[] | undefined;

/** The filter's values but for its types, which are a part of the shape. */
function defined({ types: _, ...values }: NonNullable<JournalRange['filter']>): Partial<Args> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** Everything but its values that a query depends on. */
function shapeOf({ filter = {}, after, before, bodies, limit }: JournalRange, types: Types): string {
  const { stream, job, actor, since, until } = filter;
  const given = [stream, job, actor, since, until, after, before].map((one) => one !== undefined);
  return JSON.stringify([given, bodies === true, rowsFor(limit), types]);
}

/**
 * So many rows tell whether there are more than `limit`. The number stands in the text, for a bound one would be planned for
 * with each call; and it is one of few, for a statement lies in memory until it is collected.
 */
function rowsFor(limit: number): number {
  return 2 ** Math.ceil(Math.log2(limit + 1));
}

/** A filter by types alone reads each type by itself, most through their index; any other is one query. */
function narrowest({ filter }: JournalRange): Types[] {
  const types = filter?.types && [...new Set(filter.types)].sort();
  const byTypes = types && filter.stream === undefined && filter.job === undefined;
  return byTypes ? types.map((type) => [type]) : [types];
}

function selection({ filter = {}, after, before, bodies, limit }: JournalRange, types: Types, args: Args) {
  const { stream, job, actor, since, until } = filter;
  const [only] = types?.length === 1 && stream === undefined ? types : [];
  const rare = only !== undefined && !(frequentTypes as readonly string[]).includes(only);
  return sqlite
    .selectFrom('journal')
    .$if(bodies === true, (query) => query.leftJoin('contents', 'contents.seq', 'journal.seq'))
    .selectAll('journal')
    .select((bodies ? sql.ref<string | null>('contents.body') : sql<string | null>`null`).as('body'))
    .$if(stream !== undefined, (query) => query.where('stream', '=', args.stream))
    .$if(job !== undefined, (query) => query.where('job', '=', args.job))
    .$if(types !== undefined, (query) => query.where('type', 'in', types ?? []))
    .$if(rare, (query) => query.where(isRare))
    .$if(actor !== undefined, (query) => query.where('actor', '=', args.actor))
    .$if(since !== undefined, (query) => query.where('time', '>=', args.since))
    .$if(until !== undefined, (query) => query.where('time', '<=', args.until))
    .$if(after !== undefined, (query) => query.where('journal.seq', '>', args.after))
    .$if(before !== undefined, (query) => query.where('journal.seq', '<', args.before))
    .orderBy('journal.seq', after === undefined ? 'desc' : 'asc')
    .limit(rowsFor(limit))
    .$castTo<Read>();
}

/** The entries of a job lie in the stream of its session, which is indexed; only those of a deleted session are searched for. */
function withStream(range: JournalRange, sessionOf: (job: string) => string | undefined): JournalRange {
  const { filter } = range;
  if (filter?.stream !== undefined || filter?.job === undefined) return range;
  const stream = sessionOf(filter.job);
  return stream === undefined ? range : { ...range, filter: { ...filter, stream } };
}
