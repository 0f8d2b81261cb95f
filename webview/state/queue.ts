import type { AttachedFile } from '../../server/protocol/attachment.ts';
import type { JobState } from '../../server/protocol/job.ts';
import type { Transcript } from '../../server/protocol/transcript.ts';
import type { Turn } from '../../server/protocol/turn.ts';

export type PersonTurn = Extract<Turn, { kind: 'person' }>;

/** What a person gave besides the words, to hand it over with them again. */
export function givenWith({ images, files = [] }: PersonTurn): Pick<PersonTurn, 'images'> & {
  readonly files: readonly AttachedFile[];
} {
  return { images, files };
}

type Jobs = Readonly<Record<string, JobState>>;

/** The job of a session that is at work, or is being stopped; `null` while none is. */
export function jobAtWork(jobs: Jobs): string | null {
  return Object.entries(jobs).find(([, state]) => state === 'running' || state === 'aborting')?.[0] ?? null;
}

/** What was handed over and waits behind the job whose turn it is, oldest first. */
export function queuedWords(
  { turns, replaced }: Pick<Transcript, 'turns' | 'replaced'>,
  jobs: Jobs,
): PersonTurn[] {
  const waiting = turns.filter(
    (turn): turn is PersonTurn =>
      turn.kind === 'person' && !turn.steered && jobs[turn.job] === 'queued' && !replaced[turn.job],
  );
  return jobAtWork(jobs) === null ? waiting.slice(1) : waiting;
}

/** The jobs from one on, newest first, that did what can be taken back. */
export function undoableFrom(job: string, turns: readonly Turn[]): string[] {
  const order = [...new Set(turns.map((turn) => turn.job))];
  const from = new Set(order.slice(Math.max(0, order.indexOf(job))));
  const undoable = turns.filter(
    (turn) => turn.kind === 'assistant' && from.has(turn.job) && turn.calls.some((call) => call.undoable),
  );
  return [...new Set(undoable.map((turn) => turn.job))].reverse();
}
