/** One word of a command line, as it is written and as the program gets it. */
export interface Word {
  readonly raw: string;
  readonly value: string;
  /** Whether the shell would look for files that it stands for. */
  readonly glob: boolean;
  /** Whether it holds `$?`, the number with which the program before ended. */
  readonly status?: true;
}

/** One redirection of a program's input or output. */
export interface Redirection {
  readonly operator: string;
  readonly descriptor: string;
  readonly target: Word;
}

/** One plain program of a command line with its words, all known before it runs. */
export interface PlainCommand {
  /** What stands between it and the one before; empty for the first. */
  readonly after: string;
  /** Whether a `!` stands before it, so that `&&` goes on where it failed. */
  readonly negated?: true;
  readonly assignments: readonly Word[];
  readonly words: readonly Word[];
  readonly redirections: readonly Redirection[];
}

/** The programs of a command line, or the reason why it is more than plain programs. */
export type Plain =
  | { readonly kind: 'plain'; readonly commands: readonly PlainCommand[] }
  | { readonly kind: 'unclear'; readonly reasons: readonly string[] };
