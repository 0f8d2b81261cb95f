import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs a program to its end without a terminal, with no settings but those given. */
export async function ran(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'], env });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
}
