import type { Ability } from '../../protocol/ability.ts';
import type { Approval, Preview } from '../../protocol/approval.ts';
import type { Connection } from '../../protocol/connection.ts';
import type { Cost } from '../../protocol/cost.ts';
import type { Deliverable, DeliverableRow, PublicationRecord } from '../../protocol/deliverable.ts';
import type { EffectKind } from '../../protocol/effect.ts';
import type { EntryData, EntryType } from '../../protocol/entryData.ts';
import type { Outcome } from '../../protocol/failure.ts';
import type { AdminState, Job, JobState } from '../../protocol/job.ts';
import type { Entry, JournalFilter, Verdict } from '../../protocol/journal.ts';
import type { McpPin, McpServer } from '../../protocol/mcp.ts';
import type { ProviderConfig } from '../../protocol/provider.ts';
import type { Session } from '../../protocol/session.ts';
import type { Settings } from '../../protocol/settings.ts';
import type { ConnectedAccount } from '../../protocol/target.ts';

/** An entry before the store gave it number, time and hash. */
export type Draft = {
  [T in EntryType]: {
    readonly stream: string;
    readonly job?: string;
    readonly type: T;
    readonly actor: string;
    readonly data: EntryData<T>;
    /** Large or personal content; kept as a blob, its digest in the entry. JSON values only. */
    readonly content?: unknown;
  };
}[EntryType];

/** A range of entries; see `readJournal` of the contract. */
export interface JournalRange {
  readonly filter?: JournalFilter;
  readonly after?: number;
  readonly before?: number;
  readonly limit: number;
  /** Whether each entry carries its `body`. */
  readonly bodies?: boolean;
}

/** An execution as the projection holds it. */
export interface Execution {
  readonly id: string;
  readonly job: string;
  readonly session: string;
  readonly call: string;
  readonly tool: string;
  readonly title: string;
  readonly state: 'started' | 'ok' | 'error' | 'interrupted' | 'undone';
  readonly undoable: boolean;
  /** Its place in the order of executions: the number of the entry that began it. */
  readonly seq: number;
  /** What `undo` of its tool wants, from the content of `execution.finished`; `undefined` when deleted. */
  readonly undo?: unknown;
}

/** Which entries that begin acts are read; what is absent does not narrow. */
export interface ActRange {
  readonly before: number;
  readonly floor: number;
  readonly limit: number;
  readonly types: readonly EntryType[];
  readonly job?: string;
  /** Only executions with one of these effects, by one of these tools; other types are found all the same. */
  readonly effects?: readonly EffectKind[];
  readonly tools?: readonly string[];
  readonly actor?: 'person' | 'agent' | 'worker';
}

/** An entry that begins an act, with what came of it. */
export interface ActRow {
  readonly entry: Entry;
  readonly ability: string | null;
  readonly execution: Pick<Execution, 'state'> | null;
  /** The approval that it is about. */
  readonly approval: Approval | null;
  /** The beginning of what the job is, or of why it failed. */
  readonly text: string | null;
}

/** What was spent, and in how many rounds. */
export interface Spent extends Cost {
  readonly rounds: number;
}

/** Small things that a person settled, by their kind; the key of a permission is `holder permission`. */
export interface Kept {
  readonly permission: { readonly granted: boolean };
  readonly mcpServer: McpServer;
  readonly mcpPin: McpPin;
  readonly targetAccount: ConnectedAccount;
}

/** What taking back a job's executions keeps in the store. */
export interface UndoKept {
  readonly job: string;
  readonly ended: boolean;
  readonly executions: readonly string[];
  /** Bytes of the blobs that nothing but this job, or an older one, needs. */
  readonly bytes: number;
}

/** The one truth: an append-only journal, the projections folded from it, and blobs by digest. */
export interface Store {
  /**
   * Appends entries with their projections in one transaction, all or none.
   * Fails with `conflict` where a projection forbids it: a transition that B1 does not have, an approval
   * already decided or expired, an execution that exists, an approval used twice, words to a job that is not
   * at work, the completion of a job that has not heard all that was said to it. With `worker`, fails with
   * `conflict` unless that worker holds the lease of every job named by the drafts. Fails with `store` when
   * the disk is full or read-only; then nothing was done.
   */
  append(drafts: readonly Draft[], fence?: { readonly worker: string }): Promise<Outcome<readonly Entry[]>>;
  /** Entries of a range in order, oldest first, and whether there are more in its direction. */
  entries(range: JournalRange): Promise<{ entries: Entry[]; more: boolean }>;
  /** The number of the newest entry; 0 when there is none. */
  head(): Promise<number>;
  /**
   * Calls back after any process appended: with the entries where this one did, in order and with bodies, else
   * with `null`, and the listener reads from its own cursor. Returns the way to stop.
   */
  watch(listener: (news: readonly Entry[] | null) => void): () => void;
  /** Checks chain, contents and the head kept outside. */
  verify(): Promise<Verdict>;
  /** Drops the projections and folds them anew from the journal. */
  rebuild(): Promise<void>;

  /**
   * Claims the oldest queued job of the workspaces and leases it; `null` when there is none or work is paused.
   * The jobs of a session are done one after another, in the order in which they were created.
   */
  claim(worker: string, workspaces: readonly string[] | 'any', lease: number): Promise<Job | null>;
  /** Takes over a running or aborting job whose lease ended or whose worker's process is gone. */
  takeOver(worker: string, workspaces: readonly string[] | 'any', lease: number): Promise<Job | null>;
  /** Prolongs every lease that the worker holds, and names the jobs. */
  heartbeat(worker: string, lease: number): Promise<readonly string[]>;

  abilities(): Promise<Ability[]>;
  session(id: string): Promise<Session | null>;
  /** Sessions, the one with the newest work first; with `parent` those that specialists work in for that one. */
  sessions(query: { ability?: string; parent?: string; limit: number }): Promise<Session[]>;
  job(id: string): Promise<Job | null>;
  jobs(query: { state?: JobState; session?: string; limit: number }): Promise<Job[]>;
  approval(id: string): Promise<Approval | null>;
  /** Approvals without a decision, oldest first. */
  pendingApprovals(job?: string): Promise<{ approval: Approval; preview: Preview | null }[]>;
  /** Executions of a job in the order they began. */
  executions(job: string): Promise<Execution[]>;
  execution(id: string): Promise<Execution | null>;
  /** Entries that begin acts, newest first: of those from `floor` and before `before`, and when that one before was. */
  acts(range: ActRange): Promise<{ rows: ActRow[]; newest: number | null }>;
  deliverable(id: string): Promise<Deliverable | null>;
  /** Deliverables, newest first. */
  deliverables(query: {
    session?: string;
    job?: string;
    ability?: string;
    limit: number;
  }): Promise<DeliverableRow[]>;
  /**
   * The versions of a deliverable, newest first, with their numbers: what has its title and type, of the same Ability in
   * the same workspace folder. With `back` from that one on to older ones, else from the newest.
   */
  versions(query: { id: string; back?: boolean; limit: number }): Promise<{ id: string; number: number }[]>;
  /** What was published, newest first; `before` is the execution of one, and those before it are listed. */
  publications(query: {
    execution?: string;
    ability?: string;
    target?: string;
    session?: string;
    deliverable?: string;
    before?: string;
    limit: number;
  }): Promise<PublicationRecord[]>;
  admin(): Promise<AdminState>;
  /** What a person set up of providers, in the order of their first setting. */
  providers(): Promise<ProviderConfig[]>;
  settings(): Promise<Settings>;
  /** What is kept of a kind, by its key. */
  kept<K extends keyof Kept>(kind: K): Promise<Readonly<Record<string, Kept[K]>>>;
  /** How each provider could be reached last, by its name; absent where it was never asked. */
  connections(): Promise<Readonly<Record<string, Connection>>>;
  /** What a job with all its children, or all jobs since a time, spent. */
  spent(query: { readonly job: string } | { readonly since: number }): Promise<Spent>;
  /** The jobs that a job handed to specialists, oldest first. */
  children(job: string): Promise<Job[]>;

  /** What each job keeps to be taken back or done again, the oldest first. */
  undoKept(): Promise<readonly UndoKept[]>;
  /** Bytes of every blob, whatever it is for. */
  blobBytes(): Promise<number>;

  blobs: Blobs;
  close(): Promise<void>;
}

/** Bytes by the digest of what they are. */
export interface Blobs {
  /** Keeps the bytes, once; answers their SHA-256 in hex. */
  put(bytes: Uint8Array): Promise<string>;
  /** The bytes, or `null` where they were deleted. */
  get(digest: string): Promise<Uint8Array | null>;
  /** Keeps what comes piece by piece, however much it is; nothing is kept when the source fails. */
  putAll(pieces: AsyncIterable<Uint8Array>): Promise<{ readonly digest: string; readonly size: number }>;
  /** The bytes from an offset on in pieces of at most a mebibyte, or `null` where they were deleted. */
  open(digest: string, from?: number): Promise<AsyncIterable<Uint8Array> | null>;
}
