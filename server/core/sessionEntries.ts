import type { Entry } from '../protocol/journal.ts';
import type { Store } from './ports/store.ts';

const pageSize = 2000;

/**
 * Reads all entries of a session in order, page by page and with bodies. One that was forked begins with what the
 * other session said up to its fork, and that one in the same way.
 */
export async function* sessionEntries(
  store: Pick<Store, 'entries'>,
  session: string,
  upTo = Number.POSITIVE_INFINITY,
): AsyncGenerator<readonly Entry[]> {
  for (let after = 0, more = true; more; ) {
    const page = await store.entries({ filter: { stream: session }, after, limit: pageSize, bodies: true });
    const [first] = page.entries;
    const fork = after === 0 && first?.type === 'session.created' ? first.data.fork : undefined;
    if (fork) yield* forkedPart(store, fork);
    yield page.entries.filter(({ seq }) => seq <= upTo);
    after = page.entries.at(-1)?.seq ?? after;
    more = page.more && after < upTo;
  }
}

/** What a fork tells of another session: the jobs that had come to their end there. */
async function* forkedPart(
  store: Pick<Store, 'entries'>,
  fork: { readonly session: string; readonly seq: number },
): AsyncGenerator<readonly Entry[]> {
  const entries: Entry[] = [];
  for await (const page of sessionEntries(store, fork.session, fork.seq)) entries.push(...page);
  const ended = new Set(entries.flatMap((entry) => (entry.job && ends.has(entry.type) ? [entry.job] : [])));
  yield entries.filter(({ job }) => job === null || ended.has(job));
}

const ends: ReadonlySet<Entry['type']> = new Set(['job.completed', 'job.failed', 'job.aborted']);
