import type { Act } from '../../protocol/activity.ts';
import { good, type Outcome } from '../../protocol/failure.ts';
import type { Store } from '../ports/store.ts';
import { actOf } from './acts.ts';
import type { Today } from './calendar.ts';
import { fits } from './fits.ts';
import { narrowed } from './narrow.ts';
import { type Understood, understand } from './query.ts';

/** What finding acts needs from outside. */
export interface ActivityPorts {
  readonly store: Pick<Store, 'acts' | 'head'>;
  /** The calendar of the place where it is asked. */
  readonly today: () => Today;
}

/** Some acts, newest first, and where the search goes on. */
export interface Found extends Understood {
  readonly acts: Act[];
  /** Whether there may be more. */
  readonly more: boolean;
  /** The number before which the search goes on. */
  readonly next: number;
}

/** How many entries one question looks at before it says how far it came. */
const mostLooked = 400_000;
/** Entries that are read at once. */
const stretch = 20_000;
/** The same where only seldom ones are asked for, which the store finds without looking at the others. */
const seldom = { mostLooked: 8_000_000, stretch: 400_000 };

/**
 * Finds acts by a question in words, newest first. A question looks at so many entries at most, that it is
 * answered soon in a journal of any length: where it found too few by then, `next` says where it goes on.
 */
export async function findActs(
  { store, today }: ActivityPorts,
  {
    query,
    before,
    limit,
  }: { readonly query: string; readonly before?: number | undefined; readonly limit: number },
): Promise<Outcome<Found>> {
  const understood = understand(query, today());
  if (!understood.ok) return understood;
  const { filter } = understood.value;
  const acts: Act[] = [];
  let next = before ?? (await store.head()) + 1;
  const wish = narrowed(filter);
  const reach = wish.types.includes('execution.started') ? { mostLooked, stretch } : seldom;
  const lowest = Math.max(1, next - reach.mostLooked);
  while (next > lowest && acts.length < limit) {
    const floor = Math.max(1, next - reach.stretch);
    const { rows, newest } = await store.acts({ before: next, floor, limit: rowsAtOnce, ...wish });
    const wanted = rows.map(actOf).filter((act) => act !== null && fits(filter, act)) as Act[];
    const room = limit - acts.length;
    acts.push(...wanted.slice(0, room));
    const lastRow = rows.length === rowsAtOnce ? rows.at(-1)?.entry.seq : undefined;
    next = wanted.length > room ? (wanted[room - 1]?.seq ?? floor) : (lastRow ?? floor);
    if (newest !== null && filter.since !== undefined && newest < filter.since - clockSlack) {
      return good({ ...understood.value, acts, more: false, next: 1 });
    }
  }
  return good({ ...understood.value, acts, more: next > 1, next });
}

/** Every act that a question finds, a page at a time, newest first. */
export async function* everyAct(ports: ActivityPorts, query: string): AsyncGenerator<Outcome<Act[]>> {
  for (let before: number | undefined; ; ) {
    const found = await findActs(ports, { query, before, limit: rowsAtOnce });
    if (!found.ok) {
      yield found;
      return;
    }
    if (found.value.acts.length > 0) yield good(found.value.acts);
    if (!found.value.more) return;
    before = found.value.next;
  }
}

const rowsAtOnce = 5000;
/** Clocks are set back at times, so entries may be a little older than the one before them, in ms. */
const clockSlack = 86_400_000;
