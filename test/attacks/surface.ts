import type { AttackCase } from './attackCase.ts';

/** What a case is played under; the mode is always the widest, *Allow for this job*. */
export interface Circumstances {
  /** Whether commands run in a sandbox. */
  readonly sandboxed: boolean;
}

/** A place where hostile text comes in, set up and ready to be attacked. */
export interface OpenSurface {
  /** Plays one case against the real chain, and answers in a word what happened. */
  play(one: AttackCase): Promise<string>;
  close?(): Promise<void>;
}

/** One kind of attack: what may be answered, and how its cases are played. */
export interface Surface {
  /** The words that `expected` of a case may be, and that playing it answers. */
  readonly answers: readonly string[];
  /** Whether it is of any account that a sandbox is there; without it cases are played once. */
  readonly heedsSandbox?: true;
  /** Whether what it does depends on the user who runs it. */
  readonly heedsUser?: true;
  /** What is wrong with a case beyond the common fields, by the field's name. */
  fault?(one: AttackCase): { readonly field: string; readonly what: string } | null;
  /** What a case comes to here where it expects that word with everything in place. */
  expects?(one: AttackCase, circumstances: Circumstances): string;
  open(circumstances: Circumstances): Promise<OpenSurface>;
}
