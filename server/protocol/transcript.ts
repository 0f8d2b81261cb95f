import { foldCall, proposed } from './callFold.ts';
import type { Deliverable } from './deliverable.ts';
import type { JobState } from './job.ts';
import type { Entry } from './journal.ts';
import type { Part } from './provider.ts';
import type { Turn } from './turn.ts';

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

function added(turns: Turn[], turn: Turn): Turn[] {
  turns.push(turn);
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
