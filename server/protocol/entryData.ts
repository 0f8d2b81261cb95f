import * as z from 'zod';
import { Ability } from './ability.ts';
import { Approval } from './approval.ts';
import { Connection } from './connection.ts';
import { Deliverable, Publication } from './deliverable.ts';
import { Effect } from './effect.ts';
import { Failure } from './failure.ts';
import { JobKind } from './job.ts';
import { McpPin, McpServer } from './mcp.ts';
import { Digest, Id, Nothing } from './message.ts';
import { Permission } from './permission.ts';
import { Mode, PolicyRule } from './policy.ts';
import { ModelChoice, ProviderConfig, StopReason, Usage } from './provider.ts';
import { Settings } from './settings.ts';
import { ConnectedAccount } from './target.ts';

/** How sure it is that an execution that was cut off did its work. */
export const ExecutionEnd = z.enum(['ok', 'error', 'interrupted']);

/**
 * The data of each type of entry (DESIGN "Journal and store"). What is large or personal is not here but in
 * the entry's content, a blob that can be deleted while the chain stays provable.
 */
export const entryData = {
  'ability.saved': z.strictObject({ ability: Ability }),
  'ability.deleted': z.strictObject({ ability: Id }),
  'provider.saved': z.strictObject({ config: ProviderConfig }),
  'provider.removed': z.strictObject({ provider: Id }),
  'settings.saved': z.strictObject({ settings: Settings }),
  /** How a provider can be reached changed. */
  'connection.changed': z.strictObject({ provider: z.string(), connection: Connection }),
  'session.created': z.strictObject({
    session: Id,
    ability: Id,
    workspace: z.string(),
    /** The session whose job opened this one for a specialist. */
    parent: Id.optional(),
    /** It begins with what another session said up to this entry, which may lie in the midst of a job. */
    fork: z.strictObject({ session: Id, seq: z.int().positive(), job: Id.optional() }).optional(),
  }),
  /** Content: `{ title }`. */
  'session.renamed': Nothing,
  'session.deleted': Nothing,
  /** Content: `{ text, images?, files? }`. */
  'job.created': z.strictObject({
    ability: Id,
    kind: JobKind,
    workspace: z.string(),
    /** Another provider than the Ability's, for work that needs no model. */
    provider: z.string().optional(),
    /** The job and the call that handed this one to a specialist. */
    parent: z.strictObject({ job: Id, call: z.string() }).optional(),
    /** The specialist that does it. */
    agent: z.string().optional(),
    /** The job in whose place this one stands. */
    replaces: Id.optional(),
    /** How much the person wants to be asked in this job; absent means as the surface says. */
    mode: Mode.optional(),
  }),
  /** The person wants to be asked more, or less, in this job from here on. */
  'job.modeSet': z.strictObject({ mode: Mode }),
  /** A specialist was chosen for the job. */
  'job.routed': z.strictObject({
    agent: z.string(),
    /** Who was asked for the choice, and what that cost; `null` where nobody answered. */
    by: ModelChoice.nullable(),
    usage: Usage.nullable().optional(),
    usd: z.number().nonnegative().nullable().optional(),
  }),
  /** A person said something to the job at work. Content: `{ text }`. */
  'job.steered': Nothing,
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
    /** US dollars; `null` where no price is known. */
    usd: z.number().nonnegative().nullable().optional(),
    /** The number of the last `job.steered` that the request told. */
    heard: z.int().positive().optional(),
  }),
  /** A request to a provider that came to nothing; what streamed of its answer was paid for all the same. */
  'attempt.failed': z.strictObject({
    provider: z.string(),
    model: z.string().optional(),
    failure: Failure,
    /** Whether the same provider is asked again. */
    again: z.boolean(),
    usage: Usage.optional(),
    usd: z.number().nonnegative().nullable().optional(),
  }),
  /** The job goes on with another provider of its chain. */
  'provider.switched': z.strictObject({ from: ModelChoice, to: ModelChoice, failure: Failure }),
  /** The job waits for the network. */
  'network.awaited': z.strictObject({
    who: z.string(),
    failure: Failure,
    /** Real tries in vain so far. */
    tries: z.int().nonnegative(),
    /** What an answer would have cost then, in words; another price is asked for anew. */
    price: z.string().optional(),
  }),
  'network.returned': z.strictObject({ who: z.string() }),
  /** Messages up to an entry are told as a summary from here on. Content: `{ summary }`. */
  'context.compacted': z.strictObject({
    upTo: z.int().positive(),
    /** The longest request of the model that it was made for, in tokens; one that takes more is told the whole. */
    room: z.int().positive(),
    /** Estimates of the request in tokens. */
    before: z.int(),
    after: z.int(),
    /** Who was asked for the summary, and what that cost; absent where nobody was. */
    by: ModelChoice.optional(),
    usage: Usage.nullable().optional(),
    usd: z.number().nonnegative().nullable().optional(),
  }),
  /** A person allowed a job, or a day, more than its limit. */
  'budget.raised': z.strictObject({
    scope: z.enum(['job', 'day']),
    limit: z.enum(['usd', 'tokens', 'rounds', 'minutes']),
    allowed: z.number().positive(),
    approval: Id,
  }),
  /** Content: `{ preview }`. */
  'approval.requested': z.strictObject({ approval: Approval }),
  'approval.decided': z.strictObject({
    approval: Id,
    decision: z.enum(['approved', 'denied', 'expired']),
    /** Whether like calls of this job need no further question. */
    forJob: z.boolean(),
    /** Whether the person's policy was given the rule that the question showed. */
    always: z.boolean().optional(),
    reason: z.string().optional(),
    /** What the person said to a question of the agent. */
    answer: z.string().optional(),
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
  /**
   * What an execution at work leaves to be found again by, and what it cost up to here. Content: `{ note }`, where
   * the newest counts.
   */
  'execution.noted': z.strictObject({
    execution: Id,
    /** US dollars that were spent just then; `null` where no price is known, absent where nothing was. */
    usd: z.number().nonnegative().nullable().optional(),
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
    reason: z.enum(['denied', 'expired', 'policy', 'invalid', 'unknown', 'repeated']),
    rule: z.string(),
    /** What it would have been, where the policy refused what was planned. */
    title: z.string().optional(),
    effects: z.array(Effect).optional(),
  }),
  'execution.undone': z.strictObject({ execution: Id }),
  'execution.undoFailed': z.strictObject({
    execution: Id,
    failure: Failure,
    /** Present where it could not be done again, rather than taken back. */
    redo: z.literal(true).optional(),
  }),
  /** What was taken back was done again. Content: `{ undo? }`, what undoing it anew wants. */
  'execution.redone': z.strictObject({ execution: Id }),
  /** What undoing old executions wants was deleted to make room. */
  'undo.pruned': z.strictObject({ executions: z.array(Id), bytes: z.int().nonnegative() }),
  'deliverable.saved': z.strictObject({ deliverable: Deliverable }),
  'deliverable.published': z.strictObject({ deliverable: Id, publication: Publication }),
  'deliverable.unpublished': z.strictObject({ deliverable: Id, execution: Id }),
  'admin.paused': Nothing,
  'admin.resumed': Nothing,
  /** A secret was set or removed; never its value. */
  'secret.changed': z.strictObject({ name: z.string(), where: z.string() }),
  /** The person's policy was changed by the product. */
  'policy.changed': z.strictObject({
    change: z.enum(['added', 'removed', 'reset']),
    rule: PolicyRule.optional(),
  }),
  /** A person gave or took what a tool or server needs (SPEC C7). */
  'permission.changed': z.strictObject({ holder: z.string(), permission: Permission, granted: z.boolean() }),
  'mcp.saved': z.strictObject({ server: McpServer }),
  'mcp.removed': z.strictObject({ name: Id }),
  /** A person approved what a server is and what its tools say they are (SECURITY S8). */
  'mcp.pinned': z.strictObject({ server: z.string(), pin: McpPin }),
  /** A person connected an account that targets may use from then on, or took it back. */
  'target.connected': z.strictObject({ account: ConnectedAccount }),
  'target.disconnected': z.strictObject({ account: z.string() }),
  'content.deleted': z.strictObject({ digests: z.array(Digest) }),
} as const;

export type EntryType = keyof typeof entryData;
export type EntryData<T extends EntryType> = z.output<(typeof entryData)[T]>;
export const EntryType = z.enum(Object.keys(entryData) as [EntryType, ...EntryType[]]);
