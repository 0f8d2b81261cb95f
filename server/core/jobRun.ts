import type { Ability } from '../protocol/ability.ts';
import type { Failure } from '../protocol/failure.ts';
import type { Job } from '../protocol/job.ts';
import type { Entry, JournalFilter } from '../protocol/journal.ts';
import { emptyTranscript, foldTranscript, type Transcript } from '../protocol/transcript.ts';
import type { Mode } from './policy.ts';
import type { Clock } from './ports/clock.ts';
import type { Provider } from './ports/provider.ts';
import type { Draft, Store } from './ports/store.ts';
import type { Target } from './ports/target.ts';
import type { Editor, Tool, ToolContext } from './ports/tool.ts';

/** What passes while a job runs and is kept nowhere. */
export type Passing =
  | {
      readonly kind: 'token';
      readonly job: Job;
      readonly token: 'text' | 'thinking' | 'tool' | 'restart';
      readonly text: string;
    }
  | { readonly kind: 'progress'; readonly job: Job; readonly fraction: number; readonly what: string };

/** Everything that running a job needs from outside core. */
export interface RunPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly providers: readonly Provider[];
  readonly tools: readonly Tool[];
  readonly targets: readonly Target[];
  readonly editor: Editor | null;
  readonly ownFolders: readonly string[];
  /** The Ability of a job, by id and workspace folder; `null` when it is gone. */
  ability(id: string, workspace: string): Promise<Ability | null>;
  mode(): Mode;
  emit(passing: Passing): void;
}

/** Thrown where the store refuses to record: the run stops there and does nothing more. Caught by the agent loop. */
export class CannotRecord extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.what);
    this.failure = failure;
  }
}

/** Why a run's signal aborts; only after `abort` is what was cut off noted as ended. */
export type StopReason = 'abort' | 'shutdown' | 'leaseLost';

/** One run of one job by one worker: its transcript, kept in step with the journal. */
export interface JobRun {
  readonly job: Job;
  readonly ability: Ability;
  readonly tools: readonly Tool[];
  readonly ports: RunPorts;
  readonly signal: AbortSignal;
  transcript(): Transcript;
  /** Appends under the worker's lease and folds; throws `CannotRecord`. */
  record(...drafts: JobDraft[]): Promise<void>;
  /** Reads what others appended and folds it. */
  catchUp(): Promise<void>;
  /** Says that the job waits for a person, so that others may run meanwhile. */
  waiting(yes: boolean): void;
}

/** A draft of the run's own job: stream, job and actor are filled in. */
export type JobDraft = DistributiveOmit<Draft, 'stream' | 'job' | 'actor'> & { readonly actor?: string };
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

const pageSize = 2000;

/**
 * Opens a run: reads the session as it stood when the job was first claimed, and the job's own entries. What
 * other jobs of the session do meanwhile stays out, so that requests only ever grow at their end.
 */
export async function openRun(
  job: Job,
  ability: Ability,
  ports: RunPorts,
  control: { worker: string; signal: AbortSignal; waiting(yes: boolean): void },
): Promise<JobRun> {
  let transcript = emptyTranscript;
  let claimed = false;
  const fold = (entries: readonly Entry[]) => {
    transcript = foldTranscript(transcript, entries);
  };
  const heard = (entry: Entry) => {
    claimed ||= entry.type === 'job.claimed' && entry.job === job.id;
    return entry.job === job.id || !claimed;
  };
  const read = async (filter: JournalFilter, from: number) => {
    for (let after = from, more = true; more; ) {
      const page = await ports.store.entries({ filter, after, limit: pageSize, bodies: true });
      fold(page.entries.filter(heard));
      after = page.entries.at(-1)?.seq ?? after;
      more = page.more;
    }
  };
  const catchUp = () => read({ stream: job.session, job: job.id }, transcript.seq);
  const record = async (...drafts: JobDraft[]) => {
    const whole = drafts.map(
      (draft) => ({ actor: 'agent', ...draft, stream: job.session, job: job.id }) as Draft,
    );
    const outcome = await ports.store.append(whole, { worker: control.worker });
    if (!outcome.ok) throw new CannotRecord(outcome.failure);
    const bodies = new Map(whole.map((draft, index) => [index, draft.content]));
    fold(outcome.value.map((entry, index) => ({ ...entry, body: bodies.get(index) }) as Entry));
  };
  await read({ stream: job.session }, 0);
  const tools = ability.tools
    ? ports.tools.filter((tool) => ability.tools?.includes(tool.name))
    : ports.tools;
  return {
    job,
    ability,
    tools,
    ports,
    signal: control.signal,
    transcript: () => transcript,
    record,
    catchUp,
    waiting: control.waiting,
  };
}

/** What a tool may use for one execution of a job. */
export function toolContext(
  { ports, job, ability, signal }: Pick<JobRun, 'ports' | 'job' | 'ability' | 'signal'>,
  execution: string,
): ToolContext {
  return {
    workspace: job.workspace,
    ability,
    job: job.id,
    session: job.session,
    execution,
    signal,
    clock: ports.clock,
    blobs: ports.store.blobs,
    store: ports.store,
    targets: ports.targets,
    editor: ports.editor,
    ownFolders: ports.ownFolders,
    progress: (fraction, what) => ports.emit({ kind: 'progress', job, fraction, what }),
  };
}
