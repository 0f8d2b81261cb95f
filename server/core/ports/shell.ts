/** The languages that commands are written in. */
export type ShellName = 'bash' | 'powershell' | 'cmd';

/** A node of a command's syntax tree, as plain data. */
export interface SyntaxNode {
  /** The grammar's own name of it. */
  readonly type: string;
  readonly text: string;
  /** Its role in the node above, where the grammar names one. */
  readonly field: string | null;
  readonly named: boolean;
  /** Whether it is, or holds, what the grammar could not read. */
  readonly broken: boolean;
  readonly children: readonly SyntaxNode[];
}

/** Reads commands by a real grammar (SECURITY S5). */
export interface ShellParser {
  /** The tree of a whole command line; `null` where there is no grammar for the language. Never throws. */
  parse(shell: ShellName, text: string): Promise<SyntaxNode | null>;
}
