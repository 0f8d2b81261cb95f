import type * as z from 'zod';
import type { Preview } from '../../protocol/approval.ts';
import type { DeliverableFile, Publication } from '../../protocol/deliverable.ts';
import type { Effect } from '../../protocol/effect.ts';
import type { Outcome } from '../../protocol/failure.ts';
import type { TargetAccount, TargetFinding } from '../../protocol/target.ts';
import type { Blobs } from './store.ts';

/** Secrets of an account by the names of its fields. */
export type Credential = Readonly<Record<string, string>>;

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
  /**
   * What a person entered for an account, by its id; `null` where it is not connected. Nothing is asked of a
   * network before its account is connected: that is the person's consent to go there.
   */
  credential(account: string): Promise<Credential | null>;
  progress(fraction: number, what: string): void;
  /** What this execution noted last, before it was cut off. */
  readonly noted?: unknown;
  /** Keeps what this execution can be taken up by when it is cut off; no secret, for it stands in the journal. JSON values only. */
  note?(value: unknown): Promise<void>;
}

/** A set of files on its way out; their bytes are read from the blobs, large ones piece by piece. */
export interface Parcel {
  readonly deliverable: string;
  readonly title: string;
  readonly files: readonly DeliverableFile[];
}

/** What every target tells, though what was kept before may lack it. */
export type With<T, Told extends keyof T> = T & { readonly [Name in Told]-?: NonNullable<T[Name]> };

/** What publishing would do, shown in the approval. */
export interface TargetPlan {
  readonly address: string;
  readonly effect: Effect;
  readonly preview: With<Extract<Preview, { kind: 'files' }>, 'visibility' | 'undoes'>;
  /** Makes it "exactly this": the version that stands there now. JSON values only. */
  readonly exactly: unknown;
}

/** A publication with what taking it back wants; `undo` is JSON. */
export interface Published {
  readonly publication: With<Publication, 'visibility' | 'undoes' | 'version'>;
  readonly undo: unknown;
}

/** A link that is as good as a key, until it ends. */
export interface TargetLink {
  readonly url: string;
  /** ms since 1970. */
  readonly until: number;
}

/** What signing in with a browser may use. */
export interface SignInContext {
  readonly signal: AbortSignal;
  /** Shows an address in the person's browser. */
  open(url: string): Promise<void>;
}

/** Where a deliverable goes (SPEC A4). `C` is the shape of its config, checked before every call. */
export interface Target<C = unknown> {
  readonly name: string;
  readonly title: string;
  /** One sentence for the person who chooses. */
  readonly about: string;
  /** Each field with `.meta({ title, description })`: wizard and validation read it. */
  readonly config: z.ZodType<C>;
  /** The account that a config needs; absent where no target of this kind needs one. */
  account?(config: C): TargetAccount;
  /** Gets the credentials of the account with the browser; `values` are the fields that a person entered. */
  signIn?(config: C, values: Credential, context: SignInContext): Promise<Outcome<Credential>>;
  /** Tries credentials and rights without writing; each finding says what is wrong and how to mend it. */
  check?(config: C, context: TargetContext): Promise<readonly TargetFinding[]>;
  plan(parcel: Parcel, config: C, context: TargetContext): Promise<Outcome<TargetPlan>>;
  /**
   * Publishes; the earlier state stays recoverable through `undo`. What fails or is aborted leaves what stood
   * there, as far as the target can still be reached; what dies in the middle is ended by `reconcile`.
   */
  publish(parcel: Parcel, config: C, context: TargetContext): Promise<Outcome<Published>>;
  /**
   * Whether the execution's publication stands in the world. One that died in the middle is carried to its end
   * first, or back to its beginning; `null` when nothing of it stands there. Rejects where that cannot be known now.
   */
  reconcile(parcel: Parcel, config: C, context: TargetContext): Promise<Published | null>;
  /**
   * Takes a publication back to what stood there before; `conflict` when it was changed since. Asked again after
   * it died in the middle, it ends what was begun.
   */
  unpublish(undo: unknown, context: TargetContext): Promise<Outcome<void>>;
  /**
   * A link by which whoever has it can see one file of a publication for a while, though not everybody can; it is
   * made anew each time and kept nowhere. `null` where everybody can see it anyway.
   */
  link?(
    undo: unknown,
    path: string,
    context: Pick<TargetContext, 'credential' | 'now'>,
  ): Promise<Outcome<TargetLink | null>>;
}
