import * as z from 'zod';
import { Ability } from './ability.ts';
import { Approval } from './approval.ts';
import { Deliverable, Publication } from './deliverable.ts';
import { Effect } from './effect.ts';
import { Failure } from './failure.ts';
import { JobKind } from './job.ts';
import { Digest, Id, Nothing, notification, request, Time } from './message.ts';
import { StopReason, Usage } from './provider.ts';

/** How sure it is that an execution that was cut off did its work. */
export const ExecutionEnd = z.enum(['ok', 'error', 'interrupted']);

/**
 * The data of each type of entry (DESIGN "Journal and store"). What is large or personal is not here but in
 * the entry's content, a blob that can be deleted while the chain stays provable.
 */
export const entryData = {
  'ability.saved': z.strictObject({ ability: Ability }),
  'ability.deleted': z.strictObject({ ability: Id }),
  'session.created': z.strictObject({ session: Id, ability: Id, workspace: z.string() }),
  /** Content: `{ title }`. */
  'session.renamed': Nothing,
  'session.deleted': Nothing,
  /** Content: `{ text }`. */
  'job.created': z.strictObject({
    ability: Id,
    kind: JobKind,
    workspace: z.string(),
    /** Another provider than the Ability's, for work that needs no model. */
    provider: z.string().optional(),
  }),
  'job.approved': Nothing,
  'job.claimed': z.strictObject({ worker: z.string() }),
  /** Another worker took over what a dead one left; not a transition. */
  'job.recovered': z.strictObject({ worker: z.string(), from: z.string() }),
  'job.completed': Nothing,
  'job.failed': z.strictObject({ failure: Failure }),
  'job.abortRequested': Nothing,
  'job.aborted': Nothing,
  /** A whole message of the assistant. Content: `{ parts: Part[] }`. */
  'message.added': z.strictObject({
    provider: z.string(),
    model: z.string(),
    stop: StopReason,
    usage: Usage.nullable(),
  }),
  /** A request to a provider that came to nothing. */
  'attempt.failed': z.strictObject({ provider: z.string(), failure: Failure, again: z.boolean() }),
  /** Content: `{ preview }`. */
  'approval.requested': z.strictObject({ approval: Approval }),
  'approval.decided': z.strictObject({
    approval: Id,
    decision: z.enum(['approved', 'denied', 'expired']),
    /** Whether like calls of this job need no further question. */
    forJob: z.boolean(),
    reason: z.string().optional(),
  }),
  /** Written before the effect. */
  'execution.started': z.strictObject({
    execution: Id,
    call: z.string(),
    tool: z.string(),
    title: z.string(),
    approval: Id.nullable(),
    /** What allowed it, in words. */
    rule: z.string(),
    effects: z.array(Effect),
    digest: Digest,
  }),
  /** Written after the effect. Content: `{ output, undo? }`. */
  'execution.finished': z.strictObject({
    execution: Id,
    call: z.string(),
    end: ExecutionEnd,
    /** Whether it can be taken back. */
    undoable: z.boolean(),
  }),
  /** A tool call that was not run. Content: `{ output }`, what the model is told. */
  'call.refused': z.strictObject({
    call: z.string(),
    tool: z.string(),
    reason: z.enum(['denied', 'expired', 'policy', 'invalid', 'unknown']),
    rule: z.string(),
  }),
  'execution.undone': z.strictObject({ execution: Id }),
  'execution.undoFailed': z.strictObject({ execution: Id, failure: Failure }),
  'deliverable.saved': z.strictObject({ deliverable: Deliverable }),
  'deliverable.published': z.strictObject({ deliverable: Id, publication: Publication }),
  'deliverable.unpublished': z.strictObject({ deliverable: Id, execution: Id }),
  'admin.paused': Nothing,
  'admin.resumed': Nothing,
  /** A secret was set or removed; never its value. */
  'secret.changed': z.strictObject({ name: z.string(), where: z.string() }),
  'content.deleted': z.strictObject({ digests: z.array(Digest) }),
} as const;

export type EntryType = keyof typeof entryData;
export type EntryData<T extends EntryType> = z.output<(typeof entryData)[T]>;
export const EntryType = z.enum(Object.keys(entryData) as [EntryType, ...EntryType[]]);

/** Who did it: a person at a surface, the agent, or a worker by itself. */
export const Actor = z.string().regex(/^(person|agent|worker)(:[\w.@-]{1,80})?$/);

/** The stream of what belongs to no session. */
export const adminStream = 'admin';

interface EntryOf<T extends EntryType> {
  readonly seq: number;
  readonly time: number;
  /** A session's id, or `admin`. */
  readonly stream: string;
  readonly job: string | null;
  readonly type: T;
  readonly actor: string;
  readonly data: EntryData<T>;
  /** Digest of the content, or `null`. */
  readonly content: string | null;
  /** The content itself; absent where it was not asked for or was deleted. */
  readonly body?: unknown;
  readonly prev: string;
  readonly hash: string;
}

/** One entry of the journal, told apart by `type`. */
export type Entry = { [T in EntryType]: EntryOf<T> }[EntryType];

/** An entry's frame on the wire; `parseEntry` in this file checks its data by type. */
export const EntryFrame = z.strictObject({
  seq: z.int().positive(),
  time: Time,
  stream: z.string(),
  job: Id.nullable(),
  type: EntryType,
  actor: Actor,
  data: z.unknown(),
  content: Digest.nullable(),
  body: z.unknown().optional(),
  prev: Digest,
  hash: Digest,
});

/** An entry checked whole: its frame and the data that its type wants. */
export const JournalEntry = EntryFrame.transform((frame, context): Entry => {
  const data = entryData[frame.type].safeParse(frame.data);
  if (!data.success) {
    context.addIssue({ code: 'custom', message: `data of ${frame.type}: ${data.error.issues[0]?.message}` });
    return z.NEVER;
  }
  return { ...frame, data: data.data } as Entry;
});

/** A selection of entries; every field narrows it. */
export const JournalFilter = z.strictObject({
  stream: z.string().optional(),
  job: Id.optional(),
  types: z.array(EntryType).optional(),
  actor: z.string().optional(),
  since: Time.optional(),
  until: Time.optional(),
});
export type JournalFilter = z.infer<typeof JournalFilter>;

export const readJournal = request('butler/journal/read', {
  from: 'client',
  page: true,
  does: 'Reads entries in order: after a cursor, or the newest ones before a cursor.',
  params: z.strictObject({
    filter: JournalFilter.default({}),
    /** Entries with a greater number, oldest first. */
    after: z.int().nonnegative().optional(),
    /** Entries with a smaller number; the newest `limit` of them. */
    before: z.int().positive().optional(),
    limit: z.int().min(1).max(2000).default(500),
  }),
  result: z.strictObject({ entries: z.array(JournalEntry), more: z.boolean() }),
});

export const journalAppended = notification('butler/journal/appended', {
  from: 'worker',
  page: true,
  does: 'Entries that were appended by any process on this store, in order.',
  params: z.strictObject({ entries: z.array(JournalEntry) }),
});

/** The end of a check of the chain. */
export const Verdict = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('clean'), entries: z.int(), head: Digest }),
  z.strictObject({
    state: z.literal('broken'),
    /** The first bad entry. */
    seq: z.int(),
    what: z.string(),
  }),
]);
export type Verdict = z.infer<typeof Verdict>;

export const verifyJournal = request('butler/journal/verify', {
  from: 'client',
  page: false,
  does: 'Checks the whole hash chain and the head kept outside the store.',
  params: Nothing,
  result: Verdict,
});

export const journalMessages = [readJournal, journalAppended, verifyJournal];
