import type { Usage } from '../../server/protocol/provider.ts';
import type { Turn } from '../../server/protocol/turn.ts';
import type { PersonTurn } from './queue.ts';

type AssistantTurn = Extract<Turn, { kind: 'assistant' }>;

/** What one message with its calls, or what else was asked of a model, came to. */
export interface Bill extends Pick<Footer, 'usage' | 'usd' | 'unpriced'> {
  readonly key: string;
  readonly time: number;
  readonly provider: string;
  readonly model: string;
}

/** What stands in small print under the last message of a job. */
export interface Footer {
  /** The sum over the job's rounds; `null` when the provider counts none. */
  readonly usage: Usage | null;
  /** US dollars of all messages that have a known price; `null` where none has. */
  readonly usd: number | null;
  /** Whether a message has no known price. */
  readonly unpriced: boolean;
  /** What was paid, one by one. */
  readonly bills: readonly Bill[];
  /** From the person's words to here, in ms; `null` when those lie before the window or it did not complete. */
  readonly took: number | null;
  /** Whether effects can be taken back beyond the publication, which has its own Undo on its card. */
  readonly undoable: boolean;
  /** Whether what was taken back can be done again. */
  readonly redoable: boolean;
  /** The words that began it; `null` when they lie before the window. */
  readonly asked: PersonTurn | null;
  /** The text of its last answer. */
  readonly answer: string;
}

/** What a job's turns come to so far. */
export interface Sum extends Omit<Footer, 'took' | 'undoable' | 'redoable'> {
  readonly ended: number;
  /** The executions that can be taken back, and those that published what has a card here. */
  readonly undoable: readonly string[];
  readonly undone: number;
  readonly published: readonly string[];
}

/** Before the first turn. */
export const nought: Sum = {
  ...{ usage: null, usd: null, unpriced: false, bills: [], asked: null, answer: '' },
  ...{ ended: 0, undoable: [], undone: 0, published: [] },
};

/** Adds a turn of the job. */
export function add(sum: Sum, turn: Turn): Sum {
  if (turn.kind === 'person') return turn.steered ? sum : { ...sum, asked: turn };
  if (turn.kind === 'assistant') return plus(sum, turn);
  if ('paid' in turn && turn.paid) return withBill(sum, billOf({ ...turn, paid: turn.paid }));
  const published = turn.kind === 'deliverable' ? turn.publications : [];
  const executions = published.map(({ publication }) => publication.execution);
  return { ...sum, ended: Math.max(sum.ended, turn.time), published: [...sum.published, ...executions] };
}

function plus(sum: Sum, turn: AssistantTurn): Sum {
  const said = turn.parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n\n');
  return {
    ...withBill(sum, billOf({ ...turn, paid: turn })),
    ended: Math.max(sum.ended, turn.time, ...turn.calls.map((call) => call.ended ?? 0)),
    undoable: [
      ...sum.undoable,
      ...turn.calls.flatMap(({ undoable, execution }) => (undoable && execution ? [execution] : [])),
    ],
    undone: sum.undone + turn.calls.filter((call) => call.state === 'undone' && call.execution).length,
    answer: said.trim() === '' ? sum.answer : said,
  };
}

function withBill(sum: Sum, bill: Bill): Sum {
  const { usage, usd, unpriced } = bill;
  return {
    ...sum,
    usage: usage ? plusUsage(sum.usage, usage) : sum.usage,
    usd: plusUsd(sum.usd, usd),
    unpriced: sum.unpriced || unpriced,
    bills: usage || usd !== null ? [...sum.bills, bill] : sum.bills,
  };
}

/** What a turn came to with its calls; `unpriced`: something in it had no known price. */
function billOf({ key, time, paid, calls = [] }: Payable): Bill {
  const { usage, usd, provider, model } = paid;
  const prices = [
    ...(usage ? [usd] : []),
    ...calls.flatMap((call) => (call.usd === undefined ? [] : [call.usd])),
  ];
  const sum = { usd: prices.reduce(plusUsd, null), unpriced: prices.includes(null) };
  return { key, time, provider, model, usage, ...sum };
}

interface Payable extends Pick<Turn, 'key' | 'time'> {
  readonly paid: Pick<AssistantTurn, 'usage' | 'usd' | 'provider' | 'model'>;
  readonly calls?: AssistantTurn['calls'];
}

function plusUsd(sum: number | null, usd: number | null): number | null {
  return usd === null ? sum : (sum ?? 0) + usd;
}

function plusUsage(left: Usage | null, right: Usage): Usage {
  if (!left) return right;
  return {
    input: left.input + right.input,
    output: left.output + right.output,
    cacheRead: left.cacheRead + right.cacheRead,
    cacheWrite: left.cacheWrite + right.cacheWrite,
    ...(left.estimated || right.estimated ? { estimated: true } : {}),
  };
}

/** The small print under the last turn of an ended job. */
export function footerOf(
  { ended, undoable, undone, published, ...rest }: Sum,
  last: Turn,
  completed: boolean,
): Footer {
  const end = Math.max(ended, last.time);
  const took = rest.asked && completed ? end - rest.asked.time : null;
  const beyond = undoable.some((execution) => !published.includes(execution));
  return { ...rest, took, undoable: beyond, redoable: undone > 0 };
}

/** Whether two footers read the same. */
export function sameFooter(left: Footer | null, right: Footer | null): boolean {
  if (left === null || right === null) return left === right;
  return (
    left.took === right.took &&
    left.undoable === right.undoable &&
    left.usd === right.usd &&
    left.unpriced === right.unpriced &&
    left.redoable === right.redoable &&
    left.usage?.output === right.usage?.output &&
    left.bills.length === right.bills.length
  );
}
