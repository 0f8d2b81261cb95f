import type { Understanding } from '../../../core/command/understanding.ts';
import type { ShellName, ShellParser, SyntaxNode } from '../../../core/ports/shell.ts';
import type { Processes } from '../../processes/processes.ts';
import type { CommandSandbox } from '../../sandbox/commandSandbox.ts';
import type { Snapshots } from '../../snapshots/snapshots.ts';

/** What the tools that run commands are made of. */
export interface CommandParts {
  readonly sandbox: CommandSandbox;
  readonly processes: Processes;
  /** `null` where nothing a command does can be taken back. */
  readonly snapshots: Snapshots | null;
  readonly parser: ShellParser;
  understand(shell: ShellName, tree: SyntaxNode | null, text: string): Understanding | Promise<Understanding>;
  /** The environment of this process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}
