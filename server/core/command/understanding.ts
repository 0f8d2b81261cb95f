/** A file that a program would touch, as the command names it: relative to the folder that it runs in, or absolute. */
export interface Touch {
  readonly act: 'read' | 'write' | 'delete';
  readonly path: string;
  /** Only where what is above it is a folder, or will be; where that is a file, another touch names it. */
  readonly inFolder?: true;
}

/** One plain program of a command: every word of it is known before it runs. */
export interface Program {
  readonly argv: readonly string[];
  /** What it is known to touch, by its arguments and redirections; nothing more is promised. */
  readonly touches: readonly Touch[];
  /** Hosts that its arguments name, or that it is made to ask. */
  readonly hosts: readonly string[];
  /** Whether it is known here what a program of this name does; a rule of a person may cover one that is not. */
  readonly known: boolean;
}

/** What is known of a command before it runs (SECURITY S5). */
export interface Understanding {
  readonly programs: readonly Program[];
  /** Why it cannot be told all that it does, a sentence each; empty where it can. */
  readonly unclear: readonly string[];
}
