import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** A server in a process of its own, with the line that it says when it is ready. */
export async function started(
  program: string,
  ...args: string[]
): Promise<{ readonly said: string } & AsyncDisposable> {
  const file = path.join(import.meta.dirname, '../../..', program);
  const child = spawn(process.execPath, ['--openssl-legacy-provider', file, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const first = await Promise.race([once(child.stdout, 'data'), ended.then(() => null)]);
  if (!first) throw new Error(`${program} did not start`);
  return {
    said: String(first[0]),
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
