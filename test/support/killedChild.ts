import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs a program in a process of its own and kills it so many ms after its first word. Answers how long it took
 * when it was let be, in ms; 0 when it was killed.
 */
export async function killedAfter(program: string, argument: string, moment: number): Promise<number> {
  const child = spawn(process.execPath, [program, argument], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit').then(() => true);
  await once(child.stdout, 'data');
  const begun = performance.now();
  const timer = new AbortController();
  const waited = sleep(moment, false, { signal: timer.signal }).catch(() => false);
  const whole = await Promise.race([waited, ended]);
  const took = performance.now() - begun;
  child.kill('SIGKILL');
  await ended;
  timer.abort();
  return whole ? took : 0;
}
