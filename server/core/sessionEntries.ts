import type { EntryType } from '../protocol/entryData.ts';
import type { Entry } from '../protocol/journal.ts';
import type { JournalRange, Store } from './ports/store.ts';

const pageSize = 2000;

/** The entries with which a job comes to its end. */
export const jobEnds: ReadonlySet<EntryType> = new Set(['job.completed', 'job.failed', 'job.aborted']);

/** Reads the entries of a range in order, page by page, to its end. */
export async function* pagesOf(
  store: Pick<Store, 'entries'>,
  range: JournalRange & { readonly after: number },
): AsyncGenerator<Entry[]> {
  for (let { after } = range, more = true; more; ) {
    const page = await store.entries({ ...range, after });
    yield page.entries;
    after = page.entries.at(-1)?.seq ?? after;
    more = page.more;
  }
}

/**
 * Reads all entries of a session in order, page by page and with bodies. One that was forked begins with what the
 * other session said up to its fork, and that one in the same way.
 */
export async function* sessionEntries(
  store: Pick<Store, 'entries'>,
  session: string,
  upTo = Number.POSITIVE_INFINITY,
): AsyncGenerator<readonly Entry[]> {
  const range = { filter: { stream: session }, after: 0, limit: pageSize, bodies: true };
  for await (const entries of pagesOf(store, range)) {
    const [first] = entries;
    const fork = first?.type === 'session.created' ? first.data.fork : undefined;
    if (fork) yield* forkedPart(store, fork);
    yield entries.filter(({ seq }) => seq <= upTo);
    if ((entries.at(-1)?.seq ?? 0) >= upTo) return;
  }
}

/** What a fork tells of another session: the jobs that had come to their end there, and the one that it goes on from. */
async function* forkedPart(
  store: Pick<Store, 'entries'>,
  { session, seq, job: last }: Fork,
): AsyncGenerator<readonly Entry[]> {
  const entries: Entry[] = [];
  for await (const page of sessionEntries(store, session, seq)) for (const entry of page) entries.push(entry);
  const told = new Set([...entries.flatMap(endsIn), ...(last ? [last] : [])]);
  yield entries.filter(({ job }) => job === null || told.has(job));
}

type Fork = NonNullable<Extract<Entry, { type: 'session.created' }>['data']['fork']>;

/** The job that an entry ends, or that a fork left in its midst. */
function endsIn(entry: Entry): string[] {
  const job = entry.type === 'session.created' ? entry.data.fork?.job : jobEnds.has(entry.type) && entry.job;
  return job ? [job] : [];
}
