import type { Preview } from './approval.ts';
import type { Entry } from './journal.ts';
import type { CallPart } from './provider.ts';
import type { Call, Turn } from './turn.ts';

/** Folds what an entry says of one tool call into the turns, in place. */
export function foldCall(turns: Turn[], entry: Entry): Turn[] {
  switch (entry.type) {
    case 'approval.requested': {
      const { approval } = entry.data;
      const preview = (entry.body as { preview?: Preview } | undefined)?.preview ?? null;
      return withCall(turns, entry.job, (call) => call.call === approval.call, {
        state: 'waiting',
        title: approval.title,
        approval,
        preview,
      });
    }
    case 'approval.decided': {
      const { approval: id, decision, forJob, reason } = entry.data;
      return withCall(
        turns,
        entry.job,
        (call) => call.approval?.id === id,
        (call) => ({
          state: decision === 'approved' ? 'proposed' : call.state,
          approval: call.approval && { ...call.approval, decision },
          forJob,
          denial: reason ?? null,
        }),
      );
    }
    case 'execution.started': {
      const { call, execution, title } = entry.data;
      return withCall(turns, entry.job, (one) => one.call === call, {
        state: 'running',
        execution,
        title,
        started: entry.data,
        begun: entry.time,
      });
    }
    case 'execution.finished': {
      const { call, end, undoable } = entry.data;
      return withCall(turns, entry.job, (one) => one.call === call, {
        state: end,
        output: bodyOutput(entry),
        undoable,
        ended: entry.time,
      });
    }
    case 'call.refused': {
      const { call } = entry.data;
      return withCall(turns, entry.job, (one) => one.call === call, {
        state: 'refused',
        output: bodyOutput(entry),
        ended: entry.time,
      });
    }
    case 'execution.undone': {
      const { execution } = entry.data;
      return withCall(turns, entry.job, (one) => one.execution === execution, {
        state: 'undone',
        undoable: false,
        undoFailure: null,
      });
    }
    case 'execution.undoFailed': {
      const { execution, failure } = entry.data;
      return withCall(turns, entry.job, (one) => one.execution === execution, { undoFailure: failure });
    }
    default:
      return turns;
  }
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
    output: null,
    undoable: false,
    undoFailure: null,
    time,
    begun: null,
    ended: null,
  };
}

/** Changes the one call of a job that `which` finds; the newest turns are looked at first. */
function withCall(
  turns: Turn[],
  job: string | null,
  which: (call: Call) => boolean,
  change: Partial<Call> | ((call: Call) => Partial<Call>),
): Turn[] {
  for (let index = turns.length - 1; index >= 0; index--) {
    const turn = turns[index];
    if (turn?.kind !== 'assistant' || turn.job !== job) continue;
    const at = turn.calls.findIndex(which);
    const call = turn.calls[at];
    if (!call) continue;
    const changed = { ...call, ...(typeof change === 'function' ? change(call) : change) };
    turns[index] = { ...turn, calls: turn.calls.with(at, changed) };
    return turns;
  }
  return turns;
}

function bodyOutput(entry: Entry): string {
  return (entry.body as { output?: string } | undefined)?.output ?? '(deleted)';
}
