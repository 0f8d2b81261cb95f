import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Ends every process whose environment has this text: what pi started in process groups of their own outlives it
 * where it was killed. Only Linux lets one look; elsewhere pi's own tidying has to do.
 */
export async function endStrays(mark: string): Promise<void> {
  if (process.platform !== 'linux') return;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(path.join('/proc', pid, 'environ')).catch(() => null);
      if (environment?.includes(mark)) signalTo(Number(pid), 'SIGKILL');
    }),
  );
}

/** Signals a process, or a whole group by its negative number, where it is still there. */
export function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Whether there is a process of this number, whoever's it is. */
export function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
