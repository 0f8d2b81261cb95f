import type { Ability } from '../protocol/ability.ts';
import type { Failure } from '../protocol/failure.ts';
import type { Job } from '../protocol/job.ts';
import type { Entry, JournalFilter } from '../protocol/journal.ts';
import type { Mode } from '../protocol/policy.ts';
import { emptyTranscript, foldTranscript, type Transcript } from '../protocol/transcript.ts';
import { followJobMode } from './jobMode.ts';
import { isAllowed } from './mcp/names.ts';
import { openMeter } from './meter.ts';
import { hasOpenQuestion } from './openQuestions.ts';
import type { Clock } from './ports/clock.ts';
import type { PolicyFiles } from './ports/policyFiles.ts';
import type { Provider } from './ports/provider.ts';
import type { Runtime } from './ports/runtime.ts';
import type { Draft, Spent, Store } from './ports/store.ts';
import type { Credential, Target } from './ports/target.ts';
import type { Editor, Tool } from './ports/tool.ts';
import type { SecretKeeper } from './redaction.ts';
import { cleanDraft } from './secrets/cleanDraft.ts';
import { sessionEntries } from './sessionEntries.ts';

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
  /** Every provider there is, as it is set up at this moment. */
  providers(): readonly Provider[];
  readonly tools: readonly Tool[];
  /** The tools of servers that a job of an Ability may use in a workspace folder. */
  serverTools(workspace: string, ability: Ability, signal?: AbortSignal): Promise<readonly Tool[]>;
  readonly targets: readonly Target[];
  /** What is kept of an account of a target, by its id; `null` where it is not connected. */
  credential(account: string): Promise<Credential | null>;
  /** The external agents that an Ability may name in place of our own loop. */
  readonly runtimes: readonly Runtime[];
  readonly editor: Editor | null;
  readonly ownFolders: readonly string[];
  /** Takes secrets out of all that is recorded, told or shown. */
  readonly redactor: SecretKeeper;
  /** The Ability of a job, by id and workspace folder; `null` when it is gone. */
  ability(id: string, workspace: string): Promise<Ability | null>;
  /** What the surface says for jobs of which the person said nothing else. */
  mode(): Mode;
  readonly policyFiles: Pick<PolicyFiles, 'of'>;
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
  /** Whether calls come one by one from another agent, so that those after one are not settled yet. */
  readonly callsAreSingle?: boolean;
  /** How much the job asks now. */
  mode(): Promise<Mode>;
  /** Appends under the worker's lease and folds; throws `CannotRecord`. */
  record(...drafts: JobDraft[]): Promise<void>;
  /** Reads what others appended and folds it. */
  catchUp(): Promise<void>;
  /** Reads what a person said to the job since it was looked for last. */
  heed(): Promise<void>;
  /** What the job's own answers came to. */
  spent(): Spent;
  /** How long the job was at work, in ms, without the time that it waited. */
  worked(): number;
  /** Ends the run's listening to the store. */
  close(): void;
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
  let meter = openMeter(job.id);
  let claimed = false;
  const fold = (entries: readonly Entry[]) => {
    transcript = foldTranscript(transcript, entries);
    for (const entry of entries) meter.take(entry);
  };
  const heard = (entry: Entry) => {
    claimed ||= entry.type === 'job.claimed' && entry.job === job.id;
    return entry.job === job.id || !claimed;
  };
  const catchUp = async () => {
    const filter: JournalFilter = { stream: job.session, job: job.id };
    for (let more = true; more; ) {
      const page = await ports.store.entries({
        filter,
        after: transcript.seq,
        limit: pageSize,
        bodies: true,
      });
      fold(page.entries);
      more = page.more;
    }
  };
  /** What a person decided ahead, in the middle of other work, before an own entry is folded over it. */
  const takeDecisions = async (before: number) => {
    if (before <= transcript.seq + 1 || !hasOpenQuestion(transcript, job.id)) return;
    const filter: JournalFilter = { stream: job.session, job: job.id, types: ['approval.decided'] };
    const { entries } = await ports.store.entries({ filter, after: transcript.seq, before, limit: pageSize });
    fold(entries);
  };
  const reload = async () => {
    transcript = emptyTranscript;
    meter = openMeter(job.id);
    claimed = false;
    for await (const entries of sessionEntries(ports.store, job.session)) fold(entries.filter(heard));
  };
  const listening = listenForWords(ports, job);
  const record = async (...drafts: JobDraft[]) => {
    const whole = drafts.map((draft) => {
      const filled = { actor: 'agent', ...draft, stream: job.session, job: job.id } as Draft;
      return cleanDraft(ports.redactor, filled);
    });
    const outcome = await ports.store.append(whole, { worker: control.worker });
    if (!outcome.ok) throw new CannotRecord(outcome.failure);
    await takeDecisions(outcome.value[0]?.seq ?? 0);
    const bodies = new Map(whole.map((draft, index) => [index, draft.content]));
    fold(outcome.value.map((entry, index) => ({ ...entry, body: bodies.get(index) }) as Entry));
  };
  await reload();
  listening.heard(transcript.seq);
  const all = [...ports.tools, ...(await ports.serverTools(job.workspace, ability, control.signal))];
  const tools = await offered(all.filter(({ name }) => isAllowed(ability.tools, name)));
  return {
    job,
    ability,
    tools,
    ports: { ...ports, tools: all },
    signal: control.signal,
    transcript: () => transcript,
    mode: followJobMode(ports, job),
    record,
    catchUp,
    heed: async () => {
      if (!(await listening.anything(transcript.seq))) return;
      await reload();
      listening.heard(transcript.seq);
    },
    spent: () => meter.spent(),
    worked: () => meter.worked(ports.clock.now()),
    close: listening.close,
    waiting: control.waiting,
  };
}

/** The tools that can work just now: what a job is told of stays the same until it ends. */
async function offered(tools: readonly Tool[]): Promise<readonly Tool[]> {
  const can = await Promise.all(tools.map((tool) => tool.offered?.() ?? true));
  return tools.filter((_, index) => can[index]);
}

/** Notices words to the job, from whichever process, without asking the store when nothing was appended. */
function listenForWords({ store }: RunPorts, job: Job) {
  let upTo = 0;
  let news = false;
  const isWord = (entry: Entry) => entry.type === 'job.steered' && entry.job === job.id;
  const close = store.watch((entries) => {
    news ||= !entries || entries.some(isWord);
  });
  return {
    close,
    heard: (seq: number) => {
      upTo = seq;
    },
    /** `now` is an entry that is there: news of those before it may be on their way. */
    anything: async (now: number) => {
      if (!news) return false;
      news = false;
      const filter: JournalFilter = { stream: job.session, job: job.id, types: ['job.steered'] };
      const { entries } = await store.entries({ filter, after: upTo, limit: 1 });
      upTo = now;
      return entries.length > 0;
    },
  };
}
