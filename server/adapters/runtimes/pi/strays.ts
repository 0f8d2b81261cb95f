import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Ends every process whose environment has this text, and resolves when none is left: what pi started in process groups
 * of their own outlives it where it was killed. Only Linux lets one look; elsewhere pi's own tidying has to do.
 */
export async function endStrays(mark: string): Promise<void> {
  if (process.platform !== 'linux') return;
  for (let looks = 0; looks < mostLooks && (await signalStrays(mark)) > 0; looks++) await pause(betweenLooks);
}

/** One that was signalled takes a while to go, and may have started another just before. */
const mostLooks = 100;
/** In ms. */
const betweenLooks = 10;

/** Signals those that are there now, and tells how many. */
async function signalStrays(mark: string): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(path.join('/proc', pid, 'environ')).catch(() => null);
      if (!environment?.includes(mark)) return 0;
      signalTo(Number(pid), 'SIGKILL');
      return 1;
    }),
  );
  return found.reduce<number>((sum, one) => sum + one, 0);
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
