import type { JobState } from '../../server/protocol/job.ts';
import type { Usage } from '../../server/protocol/provider.ts';
import type { Turn } from '../../server/protocol/turn.ts';

/** What stands in small print under the last message of a job. */
export interface Footer {
  /** The sum over the job's rounds; `null` when the provider counts none. */
  readonly usage: Usage | null;
  /** From the person's words to here, in ms; `null` when those lie before the window or it did not complete. */
  readonly took: number | null;
  /** Whether effects can be taken back beyond the publication, which has its own Undo on its card. */
  readonly undoable: boolean;
}

/** One turn as it stands in the conversation. */
export interface Row {
  readonly turn: Turn;
  /** Its place among all turns of the window. */
  readonly at: number;
  /** Whether a heading stands over it: the first words of the person, or of the butler in a job. */
  readonly heading: boolean;
  readonly footer: Footer | null;
}

/** Lays out turns: headings where a voice begins, a footer where a job has ended, told faults not told twice. */
export function layRows(told: readonly Turn[], jobs: Readonly<Record<string, JobState>>): Row[] {
  const turns = cardsLast(told, jobs);
  const last = new Map(turns.map((turn, at) => [turn.job, at]));
  const spoken = new Set<string>();
  const sums = new Map<string, Sum>();
  return turns.flatMap((turn, at) => {
    if (isToldAgain(turn, turns[at + 1])) return [];
    const voice = turn.kind === 'person' ? 'person' : 'butler';
    const heading = !spoken.has(`${turn.job} ${voice}`);
    spoken.add(`${turn.job} ${voice}`);
    sums.set(turn.job, add(sums.get(turn.job) ?? nought, turn));
    const ends = last.get(turn.job) === at && ended.includes(jobs[turn.job] ?? null);
    const sum = sums.get(turn.job) ?? nought;
    return [{ turn, at, heading, footer: ends ? footer(sum, turn, jobs[turn.job] === 'completed') : null }];
  });
}

/** What an ended job delivered stands at its end, where a person looks for it. */
function cardsLast(turns: readonly Turn[], jobs: Readonly<Record<string, JobState>>): readonly Turn[] {
  const isCard = (turn: Turn) => turn.kind === 'deliverable' && ended.includes(jobs[turn.job] ?? null);
  const cards = Map.groupBy(turns.filter(isCard), ({ job }) => job);
  if (cards.size === 0) return turns;
  const others = turns.filter((turn) => !isCard(turn));
  const last = new Map(others.map((turn) => [turn.job, turn]));
  const laid = others.flatMap((turn) =>
    last.get(turn.job) === turn ? [turn, ...(cards.get(turn.job) ?? [])] : [turn],
  );
  const alone = [...cards].flatMap(([job, ofJob]) => (last.has(job) ? [] : ofJob));
  return [...alone, ...laid];
}

interface Sum {
  readonly usage: Usage | null;
  readonly began: number | null;
  readonly ended: number;
  readonly undoable: number;
  readonly published: number;
}

const nought: Sum = { usage: null, began: null, ended: 0, undoable: 0, published: 0 };
const ended: readonly (JobState | null)[] = ['completed', 'failed', 'aborted'];

/** An attempt whose failure became the job's own is told once, there. */
function isToldAgain(turn: Turn, next: Turn | undefined): boolean {
  return (
    turn.kind === 'attempt' &&
    next?.kind === 'failure' &&
    next.job === turn.job &&
    next.failure.kind === turn.failure.kind
  );
}

function add(sum: Sum, turn: Turn): Sum {
  if (turn.kind === 'person') return { ...sum, began: turn.time };
  if (turn.kind !== 'assistant') {
    const published = turn.kind === 'deliverable' && turn.deliverable.published ? 1 : 0;
    return { ...sum, ended: Math.max(sum.ended, turn.time), published: sum.published + published };
  }
  const ends = turn.calls.map((call) => call.ended ?? 0);
  return {
    ...sum,
    usage: turn.usage ? plus(sum.usage, turn.usage) : sum.usage,
    ended: Math.max(sum.ended, turn.time, ...ends),
    undoable: sum.undoable + turn.calls.filter((call) => call.undoable).length,
  };
}

function plus(left: Usage | null, right: Usage): Usage {
  if (!left) return right;
  return {
    input: left.input + right.input,
    output: left.output + right.output,
    cacheRead: left.cacheRead + right.cacheRead,
    cacheWrite: left.cacheWrite + right.cacheWrite,
  };
}

function footer(sum: Sum, turn: Turn, completed: boolean): Footer {
  const end = Math.max(sum.ended, turn.time);
  return {
    usage: sum.usage,
    took: sum.began === null || !completed ? null : end - sum.began,
    undoable: sum.undoable > sum.published,
  };
}

/** Whether two rows read the same, so that the second need not be drawn. */
export function sameRow(left: Row, right: Row): boolean {
  return (
    left.turn === right.turn &&
    left.heading === right.heading &&
    left.footer?.took === right.footer?.took &&
    left.footer?.undoable === right.footer?.undoable &&
    left.footer?.usage?.output === right.footer?.usage?.output &&
    (left.footer === null) === (right.footer === null)
  );
}
