import type { JobState } from '../../server/protocol/job.ts';
import type { Transcript } from '../../server/protocol/transcript.ts';
import type { Turn } from '../../server/protocol/turn.ts';
import { add, type Footer, footerOf, nought, type Sum, sameFooter } from './footers.ts';
import { queuedWords } from './queue.ts';

/** One turn as it stands in the conversation, or several that another job has replaced, folded to one line. */
export interface Row {
  readonly turn: Turn;
  /** Its place among all turns of the window. */
  readonly at: number;
  readonly state: JobState | undefined;
  /** Whether a heading stands over it: it begins what the person, or the butler, says. */
  readonly heading: boolean;
  readonly footer: Footer | null;
  /** Whether it was said in the session that this one was forked from, and if so, whether it is the last. */
  readonly forked: 'no' | 'yes' | 'last';
  /** The rows that are folded into this one. */
  readonly earlier: readonly Row[] | null;
}

type Jobs = Readonly<Record<string, JobState>>;

/**
 * Lays out turns: job by job, headings where a voice begins, a footer where a job has ended, told faults not told
 * twice, what was replaced folded away, and what waits in the queue left to the queue. `forkedAt` is the number of
 * the last entry that was said in another session.
 */
export function layRows(transcript: Pick<Transcript, 'turns' | 'replaced'>, jobs: Jobs, forkedAt = 0): Row[] {
  const queued = new Set(queuedWords(transcript, jobs).map((turn) => turn.job));
  const turns = cardsLast(byJob(transcript.turns.filter((turn) => !queued.has(turn.job))), jobs);
  const last = new Map(turns.map((turn, at) => [turn.job, at]));
  const lastForked = turns.findLastIndex((turn) => Number(turn.key) <= forkedAt);
  const sums = new Map<string, Sum>();
  let before: Turn | null = null;
  const rows = turns.flatMap((turn, at): Row[] => {
    const sum = add(sums.get(turn.job) ?? nought, turn);
    sums.set(turn.job, sum);
    if (isToldAgain(turn, turns[at + 1])) return [];
    const heading = before === null || before.job !== turn.job || voiceOf(before) !== voiceOf(turn);
    before = turn;
    const state = jobs[turn.job];
    const ends = last.get(turn.job) === at && isEnded(state);
    const footer = ends ? footerOf(sum, turn, state === 'completed') : null;
    const forked = at === lastForked ? 'last' : at < lastForked ? 'yes' : 'no';
    return [{ turn, at, state, heading, footer, forked, earlier: null }];
  });
  return folded(rows, transcript.replaced);
}

const voiceOf = ({ kind }: Turn) => (kind === 'person' ? 'person' : 'butler');

function isEnded(state: JobState | undefined): boolean {
  return state === 'completed' || state === 'failed' || state === 'aborted';
}

/** The turns of each job together, in the order in which the jobs were handed over. */
function byJob(turns: readonly Turn[]): readonly Turn[] {
  const groups = Map.groupBy(turns, (turn) => turn.job);
  return groups.size < 2 ? turns : [...groups.values()].flat();
}

/** What an ended job delivered stands at its end, where a person looks for it. */
function cardsLast(turns: readonly Turn[], jobs: Jobs): readonly Turn[] {
  const isCard = (turn: Turn) => turn.kind === 'deliverable' && isEnded(jobs[turn.job]);
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

/** An attempt is told once: by the last of its like, or by what came of it. */
function isToldAgain(turn: Turn, next: Turn | undefined): boolean {
  if (turn.kind !== 'attempt' || !next || next.job !== turn.job) return false;
  if (next.kind === 'aborted') return turn.failure.kind === 'cancelled';
  if (!('failure' in next)) return false;
  return (
    next.failure.kind === turn.failure.kind && (next.kind !== 'attempt' || next.provider === turn.provider)
  );
}

/** Folds rows of replaced jobs that stand together into one. */
function folded(rows: readonly Row[], replaced: Transcript['replaced']): Row[] {
  const result: Row[] = [];
  for (const row of rows) {
    const open = result.at(-1);
    if (!replaced[row.turn.job]) result.push(row);
    else if (!open?.earlier) result.push({ ...row, heading: false, footer: null, earlier: [row] });
    else if (!isWithdrawal(row, open.earlier.at(-1)))
      result[result.length - 1] = { ...open, forked: row.forked, earlier: [...open.earlier, row] };
  }
  return result;
}

/** That a job ended which never began says nothing more than its words. */
function isWithdrawal({ turn }: Row, before: Row | undefined): boolean {
  return turn.kind === 'aborted' && before?.turn.kind === 'person' && before.turn.job === turn.job;
}

/** Whether two rows read the same, so that the second need not be drawn. */
export function sameRow(left: Row, right: Row): boolean {
  return (
    left.turn === right.turn &&
    left.state === right.state &&
    left.heading === right.heading &&
    left.forked === right.forked &&
    sameFooter(left.footer, right.footer) &&
    sameRows(left.earlier, right.earlier)
  );
}

function sameRows(left: readonly Row[] | null, right: readonly Row[] | null): boolean {
  if (left === null || right === null) return left === right;
  return (
    left.length === right.length &&
    left.every((row, index) => {
      const other = right[index];
      return other !== undefined && sameRow(row, other);
    })
  );
}
