import type * as z from 'zod';
import type { Preview } from '../../protocol/approval.ts';
import type { DeliverableFile, Publication } from '../../protocol/deliverable.ts';
import type { Effect } from '../../protocol/effect.ts';
import type { Outcome } from '../../protocol/failure.ts';
import type { Blobs } from './store.ts';

/** What a target may use. */
export interface TargetContext {
  /** Absolute real path of the workspace folder. */
  readonly workspace: string;
  /** The execution that publishes; the world carries it, so that it can be found again. */
  readonly execution: string;
  readonly signal: AbortSignal;
  readonly blobs: Blobs;
  readonly now: () => number;
  readonly ownFolders: readonly string[];
  progress(fraction: number, what: string): void;
}

/** A set of files on its way out. */
export interface Parcel {
  readonly deliverable: string;
  readonly title: string;
  readonly files: readonly DeliverableFile[];
}

/** What publishing would do, shown in the approval. */
export interface TargetPlan {
  readonly address: string;
  readonly effect: Effect;
  readonly preview: Extract<Preview, { kind: 'files' }>;
  /** Makes it "exactly this": the version that stands there now. JSON values only. */
  readonly exactly: unknown;
}

/** Where a deliverable goes (SPEC A4). `C` is the shape of its config, checked before every call. */
export interface Target<C = unknown> {
  readonly name: string;
  readonly title: string;
  /** One sentence for the person who chooses. */
  readonly about: string;
  /** Each field with `.meta({ title, description })`: wizard and validation read it. */
  readonly config: z.ZodType<C>;
  plan(parcel: Parcel, config: C, context: TargetContext): Promise<Outcome<TargetPlan>>;
  /** Publishes; the earlier state stays recoverable through `undo`. `undo` is JSON. */
  publish(
    parcel: Parcel,
    config: C,
    context: TargetContext,
  ): Promise<Outcome<{ publication: Publication; undo: unknown }>>;
  /** Whether the execution's publication stands in the world; `null` when it does not. */
  reconcile(
    parcel: Parcel,
    config: C,
    context: TargetContext,
  ): Promise<{ publication: Publication; undo: unknown } | null>;
  /** Takes a publication back to what stood there before; `conflict` when it was changed since. */
  unpublish(undo: unknown, context: TargetContext): Promise<Outcome<void>>;
}
