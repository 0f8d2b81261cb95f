/** What a word is to the program that gets it. */
export type Means =
  /** Nothing that matters: a pattern, a number, a name. */
  | 'text'
  | 'read'
  | 'write'
  | 'delete'
  /** Read and written in place. */
  | 'change'
  /** A file whose code runs: only one of the workspace, by a plain relative path. */
  | 'script'
  /** A page or file of a server. */
  | 'url'
  /** The name of a package in the registry, with a version at most. */
  | 'package'
  /** A plain name without special characters, as of a task. */
  | 'name';

/**
 * What is known of a program's arguments. Whatever it does not list makes a call unclear, unless `flags` says that
 * any option is harmless but those that stand in `values` and `unsafe`.
 */
export interface ProgramRule {
  /** Options without a value, in words: `a l --all`; letters may be joined; `#` stands for `-5`; `*` for any. */
  readonly flags?: string;
  /** Options with a value, and what it is. */
  readonly values?: Readonly<Record<string, Means>>;
  /** Options that can do anything, where `flags` is `*`. */
  readonly unsafe?: string;
  /** What stands beside options, in order; the last is for all further ones. Without it there must be nothing. */
  readonly operands?: readonly Means[];
  /** Options that take the place of the first operand, as `-e` does with a pattern. */
  readonly instead?: string;
  /** How many operands there must be at least. */
  readonly least?: number;
  /** Long options begin with one dash, as `-name`; short ones cannot be joined. */
  readonly oneDash?: true;
  /** Everything behind the first operand, or behind `--`, is for the script or task that it names. */
  readonly handsOn?: 'first' | 'dashes';
  /** What it touches with any arguments. */
  readonly writes?: readonly string[];
  /** The servers that it asks with any arguments. */
  readonly hosts?: readonly string[];
  /** What the first word behind the options before it makes of it. */
  readonly tasks?: Readonly<Record<string, ProgramRule>>;
  /** Looks at what the options and operands came to, as where the last operand is a folder to copy into. */
  readonly judge?: (read: ReadArguments) => Judged;
  /** Why nobody can tell what it does, with any arguments. */
  readonly unclear?: string;
}

/** The arguments of a program, told apart. */
export interface ReadArguments {
  readonly options: readonly { readonly name: string; readonly value: string | null }[];
  readonly operands: readonly string[];
}

/** What more is known of a call. */
export interface Judged {
  readonly means?: readonly (readonly [Means, string])[];
  /** Files that are written where the folder above them is one, as `b/a` of `cp a b`. */
  readonly inFolder?: readonly string[];
  readonly reasons?: readonly string[];
}

/** Programs by their names. */
export type ProgramTable = Readonly<Record<string, ProgramRule>>;
