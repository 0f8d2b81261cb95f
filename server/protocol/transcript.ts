import type { AttachedFile } from './attachment.ts';
import { foldCall, proposed } from './callFold.ts';
import type { JobState } from './job.ts';
import type { Entry } from './journal.ts';
import type { Image, ModelChoice, Part, Usage } from './provider.ts';
import { foldPublication } from './publicationFold.ts';
import type { Paid, Turn, TurnBody } from './turn.ts';

/** A session as it reads from its entries: the fold behind the chat page, the agent loop and the CLI. */
export interface Transcript {
  readonly turns: readonly Turn[];
  readonly jobs: Readonly<Record<string, JobState>>;
  /** The jobs that are told no more, with the one in their place: another, or itself where nothing took it. */
  readonly replaced: Readonly<Record<string, string>>;
  /** The number of the last entry in it. */
  readonly seq: number;
}

/** The transcript before the first entry. */
export const emptyTranscript: Transcript = { turns: [], jobs: {}, replaced: {}, seq: 0 };

/** Folds entries, in order, into a transcript; entries it already holds are passed over. */
export function foldTranscript(transcript: Transcript, entries: readonly Entry[]): Transcript {
  const turns = [...transcript.turns];
  const jobs = { ...transcript.jobs };
  let { seq, replaced } = transcript;
  for (const entry of entries) {
    if (entry.seq <= seq) continue;
    seq = entry.seq;
    const state = jobStateAfter(entry);
    replaced = replacedAfter(replaced, entry, jobs);
    if (state && entry.job) jobs[entry.job] = state;
    if (entry.type === 'session.created' && entry.data.fork?.job) {
      jobs[entry.data.fork.job] = 'completed';
      leaveOutUnheard(turns, entry.data.fork.job);
    }
    foldTurn(turns, entry);
  }
  return { turns, jobs, replaced, seq };
}

/** Adds the jobs that an entry replaces; one that was withdrawn before it began has nothing in its place but itself. */
function replacedAfter(
  replaced: Transcript['replaced'],
  entry: Entry,
  jobs: Transcript['jobs'],
): Transcript['replaced'] {
  const { job, type } = entry;
  if (!job) return replaced;
  if (type === 'job.created' && entry.data.replaces)
    return { ...replaced, ...allFrom(entry.data.replaces, jobs, job) };
  const withdrawn = type === 'job.aborted' && (jobs[job] === 'queued' || jobs[job] === 'needs_approval');
  return withdrawn ? { ...replaced, [job]: job } : replaced;
}

/** A job and all that came after it, each with the job in their place; one that is not there came before them all. */
function allFrom(job: string, jobs: Transcript['jobs'], by: string): Record<string, string> {
  const all = Object.keys(jobs);
  return Object.fromEntries(all.slice(Math.max(0, all.indexOf(job))).map((one) => [one, by]));
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
function foldTurn(turns: Turn[], entry: Entry): void {
  const { job } = entry;
  if (!job) return;
  const told = toldBy(entry);
  if (told) turns.push({ key: String(entry.seq), job, time: entry.time, ...told });
  else changeBy(turns, entry, job);
}

/** The turn that an entry adds at the end; `null` for entries that add none there. */
function toldBy(entry: Entry): TurnBody | null {
  switch (entry.type) {
    case 'job.created': {
      const { ability, provider = null } = entry.data;
      const { images = [], files } = (entry.body ?? {}) as { images?: Image[]; files?: AttachedFile[] };
      const attached = files ? { files } : {};
      return {
        kind: 'person',
        text: bodyText(entry),
        ability,
        provider,
        images,
        ...attached,
        steered: false,
      };
    }
    case 'job.steered':
      return {
        kind: 'person',
        text: bodyText(entry),
        ability: '',
        provider: null,
        images: [],
        steered: true,
      };
    case 'attempt.failed': {
      const { failure, provider, model = '', again } = entry.data;
      const refused = again && failure.kind === 'invalid' ? { thoughtless: model } : {};
      return { kind: 'attempt', failure, provider, ...refused, ...paidTo({ provider, model }, entry.data) };
    }
    case 'provider.switched':
      return { kind: 'switched', ...entry.data };
    case 'job.routed':
      return { kind: 'routed', agent: entry.data.agent, ...paidTo(entry.data.by, entry.data) };
    case 'context.compacted': {
      const { summary = '(deleted)' } = (entry.body ?? {}) as { summary?: string };
      const { upTo, room, by } = entry.data;
      return { kind: 'compacted', upTo, room, summary, ...paidTo(by, entry.data) };
    }
    case 'job.failed':
      return { kind: 'failure', failure: entry.data.failure };
    case 'job.aborted':
      return { kind: 'aborted' };
    case 'job.recovered':
      return { kind: 'recovered' };
    case 'deliverable.saved':
      return { kind: 'deliverable', deliverable: entry.data.deliverable, publications: [] };
    default:
      return null;
  }
}

/** What was paid, and to whom; nothing where nobody was asked or it came to nothing. */
function paidTo(
  by: ModelChoice | null | undefined,
  { usage, usd = null }: { usage?: Usage | null | undefined; usd?: number | null | undefined },
): { paid?: Paid } {
  return by && usage ? { paid: { ...by, usage, usd } } : {};
}

/** What an entry changes in the turns that stand. */
function changeBy(turns: Turn[], entry: Entry, job: string): void {
  const base = { key: String(entry.seq), job, time: entry.time };
  switch (entry.type) {
    case 'message.added': {
      const { parts = [] } = (entry.body ?? {}) as { parts?: Part[] };
      const { provider, model, stop, usage, usd = null, heard = 0 } = entry.data;
      const calls = parts.flatMap((part) => (part.kind === 'call' ? [proposed(part, entry.time)] : []));
      const said = { parts, calls, provider, model, stop, usage, usd };
      beforeUnheard(turns, { kind: 'assistant', ...base, ...said }, heard);
      break;
    }
    case 'network.awaited': {
      const { who, failure } = entry.data;
      awaited(turns, { kind: 'network', ...base, who, failure, returned: false });
      break;
    }
    case 'network.returned':
      returned(turns, job);
      break;
    case 'deliverable.published':
    case 'deliverable.unpublished':
      foldPublication(turns, entry);
      break;
    default:
      foldCall(turns, entry);
  }
}

/** A message stands before what a person said since the request that brought it. */
function beforeUnheard(turns: Turn[], message: Extract<Turn, { kind: 'assistant' }>, heard: number): void {
  const last = turns.findLastIndex(
    (turn) =>
      turn.job === message.job && (turn.kind === 'assistant' || (turn.kind === 'person' && !turn.steered)),
  );
  const since = turns.slice(last + 1);
  const unheard = since.findIndex(
    (turn) => turn.kind === 'person' && turn.steered && turn.job === message.job && Number(turn.key) > heard,
  );
  turns.splice(unheard === -1 ? turns.length : last + 1 + unheard, 0, message);
}

/** A fork goes on from the last message of a job there, without what a person said to the job since. */
function leaveOutUnheard(turns: Turn[], job: string): void {
  for (let index = turns.length - 1; index >= 0; index--) {
    const turn = turns[index];
    if (turn?.job !== job) continue;
    if (turn.kind === 'assistant') return;
    if (turn.kind === 'person' && turn.steered) turns.splice(index, 1);
  }
}

/** A job that waits for the network says so once. */
function awaited(turns: Turn[], turn: Extract<Turn, { kind: 'network' }>): void {
  const open = turns.findLastIndex((one) => one.kind === 'network' && one.job === turn.job && !one.returned);
  const before = turns[open];
  if (before) turns[open] = { ...turn, key: before.key };
  else turns.push(turn);
}

function returned(turns: Turn[], job: string): void {
  const index = turns.findLastIndex((turn) => turn.kind === 'network' && turn.job === job);
  const turn = turns[index];
  if (turn?.kind === 'network') turns[index] = { ...turn, returned: true };
}

function bodyText(entry: Entry): string {
  return (entry.body as { text?: string } | undefined)?.text ?? '(deleted)';
}
