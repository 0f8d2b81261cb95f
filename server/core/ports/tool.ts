import type * as z from 'zod';
import type { Ability } from '../../protocol/ability.ts';
import type { Preview } from '../../protocol/approval.ts';
import type { AttachedFile } from '../../protocol/attachment.ts';
import type { Deliverable, Publication } from '../../protocol/deliverable.ts';
import type { Diagnostic, EditorSymbol } from '../../protocol/editor.ts';
import type { Effect } from '../../protocol/effect.ts';
import type { Outcome } from '../../protocol/failure.ts';
import type { Need } from '../../protocol/permission.ts';
import type { SecretKeeper } from '../redaction.ts';
import type { Clock } from './clock.ts';
import type { Blobs, Store } from './store.ts';
import type { Credential, Target } from './target.ts';

/** Documents that a person has open in an editor. */
export interface Editor {
  /** The text of an open document by absolute path, as the person sees it, saved or not; `null` when not open. */
  openText(path: string): string | null;
  /** Replaces the text of an open document through the editor; `false` when the editor refused. */
  applyText(path: string, text: string, label: string): Promise<boolean>;
  /** What its language servers know, where it tells. */
  readonly insight?: EditorInsight;
}

/** What an editor's language servers know of a workspace; absolute paths as the editor has them. */
export interface EditorInsight {
  /** What is wrong in one file by its absolute path, or in all that the editor has looked at. */
  diagnostics(path: string | null, signal: AbortSignal): Promise<Outcome<readonly Diagnostic[]>>;
  /** The symbols of one file by its absolute path, or those of the workspace whose names are like a word. */
  symbols(
    question: { readonly path: string | null; readonly query: string },
    signal: AbortSignal,
  ): Promise<Outcome<readonly EditorSymbol[]>>;
}

/** What a tool may use while it works on one call. */
export interface ToolContext {
  /** Absolute real path of the workspace folder. */
  readonly workspace: string;
  readonly ability: Ability;
  readonly job: string;
  readonly session: string;
  /** The id of this execution, which the effect carries into the world where it can. */
  readonly execution: string;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly blobs: Blobs;
  readonly store: Pick<Store, 'deliverable' | 'deliverables'>;
  readonly targets: readonly Target[];
  readonly editor: Editor | null;
  /** Real paths of folders of our own (store, configuration): no tool writes there unasked. */
  readonly ownFolders: readonly string[];
  /** What a person entered for an account of a target, by its id; `null` where it is not connected. */
  credential(account: string): Promise<Credential | null>;
  /** Takes secrets out of what is shown while it works; results are cleaned by whoever records them. */
  readonly redactor: SecretKeeper;
  /** The whole result of an earlier call of this session, by the call's id; `null` where there is none. */
  outputOf(call: string): string | null;
  /** A file that was attached to this job or one before it in the session, by its name; `null` where there is none. */
  attachment(name: string): AttachedFile | null;
  /** What the person said to the question that this call asked; `null` where it asked none. */
  readonly answer: string | null;
  /** What this execution noted last, before it was cut off; `undefined` where it noted nothing. */
  readonly noted: unknown;
  /**
   * Keeps what this execution can be found again by when it is cut off, in place of what it noted before; with what
   * it paid just then in US dollars, `null` where no price is known. JSON values only.
   */
  note(value: unknown, usd?: number | null): Promise<void>;
  /** Says how far it is, 0 to 1, and with what. */
  progress(fraction: number, what: string): void;
}

/** What one call is about to do, worked out before anything is done and covered by the approval's digest. */
export interface ToolPlan {
  /** One line for a person: `Write docs/guide.md`. */
  readonly title: string;
  readonly effects: readonly Effect[];
  /** Whatever else makes it "exactly this": hashes of versions, digests of content. JSON values only. */
  readonly exactly: unknown;
  readonly preview: Preview | null;
}

/** What one call came to. */
export interface ToolResult {
  /** What the model is told. */
  readonly output: string;
  /** What `undo` wants; absent when there is nothing to take back. JSON values only. */
  readonly undo?: unknown;
  /** A deliverable to save together with the result, in one transaction. */
  readonly deliverable?: Omit<Deliverable, 'job' | 'session' | 'ability' | 'created' | 'published'>;
  /** A publication to note together with the result, in one transaction. */
  readonly published?: { readonly deliverable: string; readonly publication: Publication };
}

/** A text as it stands against what taking back, or doing again, would make of it; `null` where there is none. */
export interface Difference {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What the world says about an execution that was cut off. */
export type Reconciliation =
  | { readonly state: 'done'; readonly result: ToolResult }
  | { readonly state: 'notDone' }
  /** It goes on where it was left: `run` is called with what was noted, and finds its plan there. */
  | { readonly state: 'underWay' }
  | { readonly state: 'unknown' };

/** An act that an agent may ask for (SPEC D2). */
export interface Tool<I = unknown> {
  readonly name: string;
  /** In few words: it is a fixed part of every request. */
  readonly description: string;
  readonly input: z.ZodType<I>;
  /** The JSON Schema that a model is told of, where the input is described by somebody else. */
  readonly schema?: Readonly<Record<string, unknown>>;
  /** Whether it can work just now, as where it needs a provider that is set up; absent where it always can. */
  offered?(): Promise<boolean>;
  /** What it needs, with reasons for a person; a revoked permission refuses every call (SPEC C7). */
  readonly needs?: readonly Need[];
  /** Who its permissions are given to, as `mcp:github`; absent: itself. */
  readonly holder?: string;
  /** Whether doing it twice is the same as once (reads, and what only fills the store). */
  readonly repeatable: boolean;
  /**
   * Works out what exactly would happen; changes nothing. Fails with `offline` where it needs what cannot be
   * reached: it is planned again when that may have returned.
   */
  plan(input: I, context: ToolContext): Promise<Outcome<ToolPlan>>;
  /**
   * Does it, and only what the plan says; a world that changed since the plan is a failure. Fails with `offline`
   * only where nothing was done and nothing left this machine, for then it is run again.
   */
  run(input: I, plan: ToolPlan, context: ToolContext): Promise<Outcome<ToolResult>>;
  /** Takes it back; `conflict` when the world moved on, and then nothing is changed. */
  undo?(undo: unknown, context: ToolContext): Promise<Outcome<void>>;
  /** What `undo` leaves as it is, as one sentence for a person; absent where it takes back all of it. */
  readonly leaves?: string;
  /**
   * Does again what `undo` took back, as it was done then, and answers what undoing it anew wants; `conflict`
   * when the world moved on, and then nothing is changed.
   */
  redo?(undo: unknown, context: ToolContext): Promise<Outcome<unknown>>;
  /** What stands in the way of taking it back or doing it again, as texts where they are texts. */
  differences?(undo: unknown, context: ToolContext, way: 'undo' | 'redo'): Promise<readonly Difference[]>;
  /** Asks the world whether an execution that was cut off did its work. `exactly` is that of its plan. */
  reconcile?(input: I, context: ToolContext): Promise<Reconciliation>;
}
