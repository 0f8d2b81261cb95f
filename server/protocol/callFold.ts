import type { Preview } from './approval.ts';
import type { Entry } from './journal.ts';
import type { CallPart } from './provider.ts';
import type { Call, Turn } from './turn.ts';

/** Folds what an entry says of one tool call, or of what a job itself asks, into the turns, in place. */
export function foldCall(turns: Turn[], entry: Entry): void {
  switch (entry.type) {
    case 'approval.requested': {
      const { approval } = entry.data;
      const preview = (entry.body as { preview?: Preview } | undefined)?.preview ?? null;
      const asked = { state: 'waiting', title: approval.title, approval, preview } as const;
      if (withCall(turns, entry.job, (call) => call.call === approval.call, asked)) return;
      question(turns, entry, { approval, preview, denial: null });
      return;
    }
    case 'approval.decided': {
      const { approval: id, decision, forJob, reason, answer } = entry.data;
      const changed = withCall(
        turns,
        entry.job,
        (call) => call.approval?.id === id,
        (call) => ({
          state: decision === 'approved' ? 'proposed' : call.state,
          approval: call.approval && { ...call.approval, decision },
          forJob,
          denial: reason ?? null,
          answer: answer ?? null,
        }),
      );
      if (!changed) decided(turns, id, decision, reason ?? null);
      return;
    }
    case 'execution.started': {
      const { call, execution, title } = entry.data;
      withCall(turns, entry.job, (one) => one.call === call, {
        state: 'running',
        execution,
        title,
        started: entry.data,
        note: undefined,
        output: null,
        begun: entry.time,
        ended: null,
      });
      return;
    }
    case 'execution.noted': {
      const { execution, usd } = entry.data;
      const { note } = (entry.body ?? {}) as { note?: unknown };
      withCall(
        turns,
        entry.job,
        (one) => one.execution === execution,
        (one) => ({ note, ...(usd === undefined ? {} : { usd: together(one.usd, usd) }) }),
      );
      return;
    }
    case 'execution.finished': {
      const { call, end, undoable } = entry.data;
      withCall(turns, entry.job, (one) => one.call === call, {
        state: end,
        output: bodyOutput(entry),
        undoable,
        ended: entry.time,
      });
      return;
    }
    case 'call.refused': {
      const { call } = entry.data;
      withCall(turns, entry.job, (one) => one.call === call, {
        state: 'refused',
        output: bodyOutput(entry),
        ended: entry.time,
      });
      return;
    }
    case 'execution.undone': {
      const { execution } = entry.data;
      withCall(turns, entry.job, (one) => one.execution === execution, {
        state: 'undone',
        undoable: false,
        undoFailure: null,
      });
      return;
    }
    case 'execution.redone': {
      const { execution } = entry.data;
      withCall(turns, entry.job, (one) => one.execution === execution, {
        state: 'ok',
        undoable: true,
        undoFailure: null,
      });
      return;
    }
    case 'execution.undoFailed': {
      const { execution, failure, redo } = entry.data;
      if (redo) return;
      withCall(turns, entry.job, (one) => one.execution === execution, { undoFailure: failure });
      return;
    }
    default:
      return;
  }
}

/** The sum of what a call paid; what had no known price counts nothing beside what had. */
function together(before: number | null | undefined, now: number | null): number | null {
  return before === undefined || before === null ? now : before + (now ?? 0);
}

/** A tool call as the assistant asked for it, with nothing done yet. */
export function proposed(part: CallPart, time: number): Call {
  return {
    call: part.call,
    tool: part.tool,
    input: part.input,
    state: 'proposed',
    title: null,
    execution: null,
    started: null,
    approval: null,
    preview: null,
    forJob: false,
    denial: null,
    answer: null,
    output: null,
    undoable: false,
    undoFailure: null,
    time,
    begun: null,
    ended: null,
  };
}

/** Changes the one call of a job that `which` finds, newest first; answers whether there is one. */
function withCall(
  turns: Turn[],
  job: string | null,
  which: (call: Call) => boolean,
  change: Partial<Call> | ((call: Call) => Partial<Call>),
): boolean {
  for (let index = turns.length - 1; index >= 0; index--) {
    const turn = turns[index];
    if (turn?.kind !== 'assistant' || turn.job !== job) continue;
    const at = turn.calls.findIndex(which);
    const call = turn.calls[at];
    if (!call) continue;
    const changed = { ...call, ...(typeof change === 'function' ? change(call) : change) };
    turns[index] = { ...turn, calls: turn.calls.with(at, changed) };
    return true;
  }
  return false;
}

type Question = Extract<Turn, { kind: 'question' }>;

/** A question of the job itself stands for itself. */
function question(
  turns: Turn[],
  entry: Entry,
  asked: Pick<Question, 'approval' | 'preview' | 'denial'>,
): void {
  const { seq, job, time } = entry;
  if (job) turns.push({ kind: 'question', key: String(seq), job, time, ...asked });
}

function decided(
  turns: Turn[],
  id: string,
  decision: Question['approval']['decision'],
  denial: string | null,
): void {
  const index = turns.findLastIndex((turn) => turn.kind === 'question' && turn.approval.id === id);
  const turn = turns[index];
  if (turn?.kind === 'question') turns[index] = { ...turn, approval: { ...turn.approval, decision }, denial };
}

function bodyOutput(entry: Entry): string {
  return (entry.body as { output?: string } | undefined)?.output ?? '(deleted)';
}
