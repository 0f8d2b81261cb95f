import * as z from 'zod';
import { Deliverable } from './deliverable.ts';
import { Failure } from './failure.ts';
import { Id } from './message.ts';
import { Mode } from './policy.ts';

/** How far the worker behind the page is. */
export const WorkerState = z.enum(['starting', 'ready', 'stopped', 'untrusted']);
export type WorkerState = z.infer<typeof WorkerState>;

const deliverableFile = { deliverable: Id, path: z.string().min(1).max(1024) };

/** What a page asks of the editor around it; nothing of it touches a job. */
export const PageAct = z.discriminatedUnion('act', [
  /** Opens a file of the workspace; `path` is absolute, or relative to `workspace`. */
  z.strictObject({
    act: z.literal('openFile'),
    path: z.string().min(1).max(4096),
    workspace: z.string().max(4096).optional(),
    line: z.int().positive().optional(),
  }),
  /** Opens an address outside of the editor (http, https, mailto) that a person saw whole. */
  z.strictObject({ act: z.literal('openLocation'), location: z.string().min(1).max(4096) }),
  /** Opens what an execution published, where it stands: its address, a link that lets in, or a file here. */
  z.strictObject({ act: z.literal('openPublication'), deliverable: Id, execution: Id }),
  /** Opens a file of a deliverable in the editor, to be read. */
  z.strictObject({ act: z.literal('openDeliverable'), ...deliverableFile }),
  /** Shows what a job made as it will look, in a tab of its own, from this file on. */
  z.strictObject({ act: z.literal('previewDeliverable'), ...deliverableFile }),
  /** Shows a file of a deliverable beside the one of that path in the workspace. */
  z.strictObject({ act: z.literal('diffDeliverable'), ...deliverableFile }),
  /** Lets another program of the machine show a PDF of a deliverable. */
  z.strictObject({ act: z.literal('openOutside'), ...deliverableFile }),
  /** Writes files of a deliverable to where the person says: one of them, or all. */
  z.strictObject({
    act: z.literal('saveDeliverable'),
    ...deliverableFile,
    path: deliverableFile.path.optional(),
  }),
  /** Shows what differs between versions of a deliverable. */
  z.strictObject({ act: z.literal('compareDeliverable'), deliverable: Id }),
  /** Connects the account of an Ability's target, or tries whether it can be published to. */
  z.strictObject({ act: z.literal('mendTarget'), ability: Id }),
  /** Shows what would change in the editor's own diff view. */
  z.strictObject({
    act: z.literal('openDiff'),
    path: z.string().min(1).max(4096),
    before: z.string().nullable(),
    after: z.string(),
  }),
  /** Shows what a command wrote, and writes, in a terminal of the editor. */
  z.strictObject({ act: z.literal('showCommand'), execution: Id }),
  z.strictObject({ act: z.literal('copy'), text: z.string().max(5_000_000) }),
  z.strictObject({ act: z.literal('showAbilities') }),
  z.strictObject({ act: z.literal('newAbility') }),
  z.strictObject({ act: z.literal('editAbility'), ability: Id }),
  z.strictObject({ act: z.literal('setKey'), provider: Id.optional() }),
  z.strictObject({ act: z.literal('collectDiagnostics') }),
  z.strictObject({ act: z.literal('manageTrust') }),
  z.strictObject({ act: z.literal('showLog') }),
  /** Starts the worker again after it stopped. */
  z.strictObject({ act: z.literal('restartWorker') }),
  /** Gives the view a fresh page, which goes on from its kept state. */
  z.strictObject({ act: z.literal('reloadView') }),
  z.strictObject({ act: z.literal('reloadWindow') }),
]);
export type PageAct = z.infer<typeof PageAct>;

/** Everything that a page may say to the extension that shows it. */
export const FromPage = z.discriminatedUnion('kind', [
  /** The page listens now; a `state` follows. */
  z.strictObject({ kind: z.literal('ready') }),
  /** A message of the contract with `page: true`; answered by `answer` or `error` with the same id. */
  z.strictObject({
    kind: z.literal('request'),
    id: z.int().nonnegative(),
    method: z.string().max(64),
    params: z.unknown(),
  }),
  /** Calls a request off; it is answered nevertheless. */
  z.strictObject({ kind: z.literal('cancel'), id: z.int().nonnegative() }),
  z.strictObject({ kind: z.literal('act'), act: PageAct }),
]);
export type FromPage = z.infer<typeof FromPage>;

/** Everything that the extension says to its page. */
export const ToPage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('answer'), id: z.int().nonnegative(), result: z.unknown() }),
  z.strictObject({ kind: z.literal('error'), id: z.int().nonnegative(), failure: Failure }),
  /** A notification of the contract with `page: true`. */
  z.strictObject({ kind: z.literal('news'), method: z.string(), params: z.unknown() }),
  z.strictObject({
    kind: z.literal('state'),
    worker: WorkerState,
    /** The session to show, where the editor knows one. */
    session: Id.optional(),
    /** The Ability that a new session takes when a person chooses none. */
    ability: Id.optional(),
    /** The open workspace folders, absolute. */
    workspaces: z.array(z.string()),
    /** Texts in the person's language, by the key of the page's own table; absent ones stay English. */
    strings: z.record(z.string(), z.string()),
    /** What the worker says in the person's language, by its English templates (`told.ts`). */
    sentences: z.record(z.string(), z.string()).optional(),
    /** How much a job asks whose person chose nothing else for it. */
    mode: Mode.exclude(['allow']).optional(),
    /** What went wrong when the worker is `stopped`. */
    failure: Failure.optional(),
  }),
  /** Show this session now, at a job of it; `null` shows a new, empty one with `ability`. */
  z.strictObject({
    kind: z.literal('show'),
    session: Id.nullable(),
    ability: Id.optional(),
    job: Id.optional(),
  }),
  /** Show nothing but this deliverable, from this file on. */
  z.strictObject({ kind: z.literal('preview'), deliverable: Deliverable, path: z.string() }),
]);
export type ToPage = z.infer<typeof ToPage>;
