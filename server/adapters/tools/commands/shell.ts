import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ShellName } from '../../../core/ports/shell.ts';

/** The shell that commands are written for here. */
export interface Shell {
  readonly name: ShellName;
  /** The words that run a command text and nothing besides: no profile, no history, no start-up file. */
  words(command: string): string[];
}

/** The shell of this system. */
export function systemShell(environment: Readonly<Record<string, string | undefined>>): Shell {
  if (process.platform === 'win32') {
    const root = environment.SystemRoot ?? 'C:\\Windows';
    const file = path.join(root, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe');
    const options = ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command'];
    return { name: 'powershell', words: (command) => [file, ...options, command] };
  }
  const bash = ['/bin/bash', '/usr/bin/bash'].find((file) => existsSync(file));
  const words = (command: string) =>
    bash ? [bash, '--noprofile', '--norc', '-c', command] : ['/bin/sh', '-c', command];
  return { name: 'bash', words };
}
