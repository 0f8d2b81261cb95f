import type { Store } from '../../../server/core/ports/store.ts';
import type { EntryType } from '../../../server/protocol/entryData.ts';
import type { Job } from '../../../server/protocol/job.ts';
import type { Entry } from '../../../server/protocol/journal.ts';

/** What a job's journal says, without what no two runs have alike. */
export interface Told {
  readonly type: EntryType;
  readonly data: unknown;
  readonly body: unknown;
}

/** Entries that tell of faults and crashes, and of what was done against them. */
const tries: ReadonlySet<EntryType> = new Set([
  'attempt.failed',
  'provider.switched',
  'network.awaited',
  'network.returned',
  'context.compacted',
  'job.recovered',
]);

/** Names of what is another one each time: who was asked, and what things are called by. */
const passing: ReadonlySet<string> = new Set(['provider', 'model', 'worker', 'from', 'usd']);
const ids: ReadonlySet<string> = new Set(['call', 'execution', 'approval', 'id', 'job', 'session', 'digest']);
const times: ReadonlySet<string> = new Set(['requested', 'expires', 'created']);

/** Every entry of a job. */
export async function entriesOf(store: Store, { id }: Pick<Job, 'id'>): Promise<Entry[]> {
  return (await store.entries({ filter: { job: id }, after: 0, limit: 5_000, bodies: true })).entries;
}

/** What the entries say but for tries, ids and times; an id is told by the order in which it came up. */
export function storyOf(entries: readonly Entry[]): Told[] {
  const known = new Map<string, string>();
  const name = (id: string) => {
    const named = known.get(id) ?? `#${known.size + 1}`;
    known.set(id, named);
    return named;
  };
  const plain = (value: unknown): unknown => {
    if (typeof value === 'string') return worded(value, known);
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, one]) => {
        if (passing.has(key) || times.has(key)) return [];
        return [[key, ids.has(key) && typeof one === 'string' ? name(one) : plain(one)]];
      }),
    );
  };
  return entries
    .filter(({ type }) => !tries.has(type))
    .map(({ type, data, body }) => ({ type, data: plain(data), body: plain(body) }));
}

/** A text in which ids that came up stand by their order. */
function worded(text: string, known: ReadonlyMap<string, string>): string {
  return [...known].reduce((words, [id, named]) => words.replaceAll(id, named), text);
}
