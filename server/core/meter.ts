import { costOf, noCost, paidFor, plusCost } from '../protocol/cost.ts';
import type { EntryType } from '../protocol/entryData.ts';
import type { Entry } from '../protocol/journal.ts';
import { delegateName } from '../protocol/turn.ts';
import type { Spent } from './ports/store.ts';

/** What a job used so far, folded from its entries. */
export interface Meter {
  take(entry: Entry): void;
  /** What its own answers came to. */
  spent(): Spent;
  /**
   * How long it was at work up to `now`, in ms: without the time that it waited for a person, the network, a worker
   * or a specialist.
   */
  worked(now: number): number;
}

/** The entries after which a job waits instead of working. */
const waits: ReadonlySet<EntryType> = new Set(['job.created', 'approval.requested', 'network.awaited']);
/** The entries that end no wait. */
const meanwhile: ReadonlySet<EntryType> = new Set(['job.approved', 'job.recovered', 'job.steered']);
/** The entries after which a job waits where another question of it is open. */
const whileAsking: ReadonlySet<EntryType> = new Set([
  'approval.decided',
  'execution.finished',
  'call.refused',
]);
/** The entries before which nobody worked on it, though it was not waiting. */
const resumes: ReadonlySet<EntryType> = new Set(['job.recovered']);

/** Begins to measure one job. */
export function openMeter(job: string): Meter {
  let spent: Spent = { ...noCost, rounds: 0 };
  let worked = 0;
  let since: number | null = null;
  let isBusy = false;
  const open = new Set<string>();
  return {
    take: (entry) => {
      if (entry.job !== job) return;
      if (since !== null && !resumes.has(entry.type)) worked += Math.max(0, entry.time - since);
      if (entry.type === 'approval.requested') open.add(entry.data.approval.id);
      if (entry.type === 'approval.decided') open.delete(entry.data.approval);
      if (entry.type === 'execution.started') isBusy = true;
      if (entry.type === 'execution.finished') isBusy = false;
      const isAsking = open.size > 0 && !isBusy && whileAsking.has(entry.type);
      const isWaiting = beginsWait(entry) || isAsking || (since === null && meanwhile.has(entry.type));
      since = isWaiting ? null : entry.time;
      if (entry.type === 'message.added') {
        spent = { ...plusCost(spent, costOf(entry.data)), rounds: spent.rounds + 1 };
      }
      if (entry.type === 'execution.noted') {
        spent = { ...spent, ...plusCost(spent, paidFor(entry.data)) };
      }
      if (
        entry.type === 'attempt.failed' ||
        entry.type === 'context.compacted' ||
        entry.type === 'job.routed'
      ) {
        spent = { ...spent, ...plusCost(spent, costOf(entry.data)) };
      }
    },
    spent: () => spent,
    worked: (now) => worked + (since === null ? 0 : Math.max(0, now - since)),
  };
}

function beginsWait(entry: Entry): boolean {
  return waits.has(entry.type) || (entry.type === 'execution.started' && entry.data.tool === delegateName);
}
