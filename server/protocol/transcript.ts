import type { Approval, Preview } from './approval.ts';
import type { Deliverable } from './deliverable.ts';
import type { Failure } from './failure.ts';
import type { JobState } from './job.ts';
import type { Entry, EntryData } from './journal.ts';
import type { Part, StopReason, Usage } from './provider.ts';

/** Where a tool call stands. */
export type CallState =
  | 'proposed'
  | 'waiting'
  | 'running'
  | 'ok'
  | 'error'
  | 'interrupted'
  | 'refused'
  | 'undone';

/** One tool call with everything that the journal knows of it. */
export interface Call {
  readonly call: string;
  readonly tool: string;
  readonly input: unknown;
  readonly state: CallState;
  readonly title: string | null;
  readonly execution: string | null;
  readonly started: EntryData<'execution.started'> | null;
  readonly approval: Approval | null;
  readonly preview: Preview | null;
  readonly forJob: boolean;
  readonly denial: string | null;
  /** What the model is told; `null` while there is no result. */
  readonly output: string | null;
  readonly undoable: boolean;
  readonly undoFailure: Failure | null;
  /** ms since 1970: asked for, begun, ended. */
  readonly time: number;
  readonly begun: number | null;
  readonly ended: number | null;
}

/** One message of the assistant, or of the person, with its tool calls. */
export type Turn =
  | {
      readonly kind: 'person';
      readonly key: string;
      readonly job: string;
      readonly time: number;
      readonly text: string;
      readonly ability: string;
      /** Another provider than the Ability's, where the job names one. */
      readonly provider: string | null;
    }
  | {
      readonly kind: 'assistant';
      readonly key: string;
      readonly job: string;
      readonly time: number;
      readonly parts: readonly Part[];
      readonly calls: readonly Call[];
      readonly provider: string;
      readonly model: string;
      readonly stop: StopReason;
      readonly usage: Usage | null;
    }
  | {
      readonly kind: 'attempt';
      readonly key: string;
      readonly job: string;
      readonly time: number;
      readonly failure: Failure;
      readonly provider: string;
    }
  | {
      readonly kind: 'failure';
      readonly key: string;
      readonly job: string;
      readonly time: number;
      readonly failure: Failure;
    }
  | { readonly kind: 'aborted'; readonly key: string; readonly job: string; readonly time: number }
  | { readonly kind: 'recovered'; readonly key: string; readonly job: string; readonly time: number }
  | {
      readonly kind: 'deliverable';
      readonly key: string;
      readonly job: string;
      readonly time: number;
      readonly deliverable: Deliverable;
    };

/** A session as it reads from its entries: the fold behind the chat page, the agent loop and the CLI. */
export interface Transcript {
  readonly turns: readonly Turn[];
  readonly jobs: Readonly<Record<string, JobState>>;
  /** The number of the last entry in it. */
  readonly seq: number;
}

/** The transcript before the first entry. */
export const emptyTranscript: Transcript = { turns: [], jobs: {}, seq: 0 };

/** Folds entries, in order, into a transcript; entries it already holds are passed over. */
export function foldTranscript(transcript: Transcript, entries: readonly Entry[]): Transcript {
  const turns = [...transcript.turns];
  const jobs = { ...transcript.jobs };
  let { seq } = transcript;
  for (const entry of entries) {
    if (entry.seq <= seq) continue;
    seq = entry.seq;
    const state = jobStateAfter(entry);
    if (state && entry.job) jobs[entry.job] = state;
    foldTurn(turns, entry);
  }
  return { turns, jobs, seq };
}

/** The state that an entry brings its job to, after B1; `null` for entries that bring none. */
export function jobStateAfter(entry: Entry): JobState | null {
  switch (entry.type) {
    case 'job.created':
      return entry.data.kind === 'run' ? 'needs_approval' : 'queued';
    case 'job.approved':
      return 'queued';
    case 'job.claimed':
      return 'running';
    case 'job.completed':
      return 'completed';
    case 'job.failed':
      return 'failed';
    case 'job.abortRequested':
      return 'aborting';
    case 'job.aborted':
      return 'aborted';
    default:
      return null;
  }
}

/** Folds one entry into the turns, in place. */
function foldTurn(turns: Turn[], entry: Entry): Turn[] {
  const job = entry.job;
  if (!job) return turns;
  const base = { key: String(entry.seq), job, time: entry.time };
  switch (entry.type) {
    case 'job.created': {
      const { ability, provider = null } = entry.data;
      return added(turns, { kind: 'person', ...base, text: bodyText(entry), ability, provider });
    }
    case 'message.added': {
      const parts = (entry.body as { parts?: Part[] } | undefined)?.parts ?? [];
      const { provider, model, stop, usage } = entry.data;
      const calls = parts.flatMap((part) => (part.kind === 'call' ? [proposed(part, entry.time)] : []));
      return added(turns, { kind: 'assistant', ...base, parts, calls, provider, model, stop, usage });
    }
    case 'attempt.failed':
      return added(turns, {
        kind: 'attempt',
        ...base,
        failure: entry.data.failure,
        provider: entry.data.provider,
      });
    case 'job.failed':
      return added(turns, { kind: 'failure', ...base, failure: entry.data.failure });
    case 'job.aborted':
      return added(turns, { kind: 'aborted', ...base });
    case 'job.recovered':
      return added(turns, { kind: 'recovered', ...base });
    case 'deliverable.saved':
      return added(turns, { kind: 'deliverable', ...base, deliverable: entry.data.deliverable });
    case 'deliverable.published':
      return withDeliverable(turns, entry.data.deliverable, { published: entry.data.publication });
    case 'deliverable.unpublished':
      return withDeliverable(turns, entry.data.deliverable, { published: null });
    default:
      return foldCall(turns, entry);
  }
}

function foldCall(turns: Turn[], entry: Entry): Turn[] {
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

function added(turns: Turn[], turn: Turn): Turn[] {
  turns.push(turn);
  return turns;
}

function proposed(part: Extract<Part, { kind: 'call' }>, time: number): Call {
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

function withDeliverable(turns: Turn[], id: string, change: Partial<Deliverable>): Turn[] {
  const index = turns.findLastIndex((turn) => turn.kind === 'deliverable' && turn.deliverable.id === id);
  const turn = turns[index];
  if (turn?.kind !== 'deliverable') return turns;
  turns[index] = { ...turn, deliverable: { ...turn.deliverable, ...change } };
  return turns;
}

function bodyText(entry: Entry): string {
  return (entry.body as { text?: string } | undefined)?.text ?? '(deleted)';
}

function bodyOutput(entry: Entry): string {
  return (entry.body as { output?: string } | undefined)?.output ?? '(deleted)';
}
