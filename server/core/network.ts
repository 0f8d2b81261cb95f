import type { EntryType } from '../protocol/entryData.ts';
import { type Failure, failures } from '../protocol/failure.ts';
import type { Entry } from '../protocol/journal.ts';
import type { Turn } from '../protocol/turn.ts';
import type { JobRun } from './jobRun.ts';
import type { Store } from './ports/store.ts';
import { backOff } from './retry.ts';

/** What a job waits for. */
export interface Awaited {
  /** Whom or what it wants to reach, in words. */
  readonly who: string;
  readonly failure: Failure;
  /** What it would have cost to go on, in words; see `waitedPrice.ts`. */
  readonly price?: string | undefined;
  /** Looks whether a real try is worth it; spends nothing. */
  look(): Promise<boolean>;
}

/** Real tries after which a job that still reaches nothing is put to the person (SPEC C9). */
export const mostTries = 3;
const firstPause = 5_000;
const longestPause = 60_000;

/**
 * Waits until what could not be reached can be, looking again after ever longer pauses and whenever the journal
 * gives hope. The job keeps its lease meanwhile, and others may run. A worker that takes the job over goes on
 * waiting. `back`: a real try is due, to be told by `networkReturned`; `inVain`: there were enough of them.
 */
export async function awaitNetwork(run: JobRun, awaited: Awaited): Promise<'back' | 'inVain' | 'stopped'> {
  const tries = await triesInVain(run);
  if (tries >= mostTries) return 'inVain';
  const { who, failure, price, look } = awaited;
  run.waiting(true);
  try {
    if (waitsFor(run)?.who !== who) {
      const data = { who, failure, tries, ...(price === undefined ? {} : { price }) };
      await run.record({ type: 'network.awaited', actor: 'worker', data });
    } else if (await look()) return 'back';
    for (let nth = tries + 1; !run.signal.aborted; nth++) {
      await pause(run, backOff(firstPause, nth, longestPause, run.ports.clock));
      if (!run.signal.aborted && (await look()) && !run.signal.aborted) return 'back';
    }
    return 'stopped';
  } finally {
    run.waiting(false);
  }
}

/** The failure of a job that reached nothing in the end, as the person is told it. */
export function inVain(failure: Failure): Failure {
  const tried = `It was tried ${mostTries} times more after a wait.`;
  const usual = failure.mend === failures.offline('').mend;
  const mend = usual ? 'Check the network connection, then hand the job over again.' : failure.mend;
  return { ...failure, mend: `${tried} ${mend}` };
}

/** Notes that the wait is over and a real try follows. */
export function networkReturned(run: JobRun, who: string): Promise<void> {
  return run.record({ type: 'network.returned', actor: 'worker', data: { who } });
}

/** What the job waits for, as its journal tells; nothing of it is under way meanwhile. */
export function waitsFor({ job, transcript }: JobRun): Pick<Awaited, 'who' | 'failure'> | null {
  const last = transcript().turns.findLast((turn) => turn.job === job.id && marks.has(turn.kind));
  return last?.kind === 'network' && !last.returned ? last : null;
}

/** A wait stands after the message that it keeps from going on. */
const marks: ReadonlySet<Turn['kind']> = new Set(['network', 'assistant']);

/** The entries by which a try came to something. */
const outcomes: readonly EntryType[] = ['message.added', 'execution.finished', 'call.refused'];

/** How many real tries came to nothing since something did. */
async function triesInVain({ job, ports }: JobRun): Promise<number> {
  const types: EntryType[] = ['network.awaited', 'network.returned', ...outcomes];
  const filter = { stream: job.session, job: job.id, types };
  const { entries } = await ports.store.entries({ filter, limit: 2 });
  const [last, before] = entries.toReversed();
  if (last?.type === 'network.awaited') return last.data.tries;
  const failed = last?.type === 'network.returned' && before?.type === 'network.awaited';
  return failed ? before.data.tries + 1 : 0;
}

/** Pauses, but not longer than until the journal gives hope. */
async function pause(run: JobRun, ms: number): Promise<void> {
  const { store, clock } = run.ports;
  const end = clock.now() + ms;
  const since = await store.head();
  while (!run.signal.aborted && clock.now() < end) {
    const wake = new AbortController();
    const stopWatching = store.watch((news) => {
      if (news?.some((entry) => givesHope(entry, run.job.id)) ?? true) wake.abort();
    });
    try {
      if (await isHope(store, since, run.job.id)) return;
      await clock.sleep(Math.max(0, end - clock.now()), AbortSignal.any([wake.signal, run.signal]));
    } finally {
      stopWatching();
    }
  }
}

/** What may change whether something can be reached: another was, a person set something, or said something. */
const hopeful: readonly EntryType[] = [
  'connection.changed',
  'provider.saved',
  'settings.saved',
  'secret.changed',
  'target.connected',
  'job.steered',
];

async function isHope(store: Store, since: number, job: string): Promise<boolean> {
  const { entries } = await store.entries({ filter: { types: [...hopeful] }, after: since, limit: 100 });
  return entries.some((entry) => givesHope(entry, job));
}

function givesHope(entry: Entry, job: string): boolean {
  if (entry.type === 'connection.changed') return entry.data.connection.state === 'online';
  if (entry.type === 'job.steered') return entry.job === job;
  return hopeful.includes(entry.type);
}
