import { open, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';

/**
 * Runs work while no other process works in the same repository. The lock is kept fresh meanwhile, so that one
 * which a dead process left is told by its age.
 */
export async function aloneIn<T>(folder: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const file = path.join(folder, 'butler.lock');
  while (!(await taken(file))) {
    if (await isStale(file)) await rm(file, { force: true });
    else await setTimeout(between, undefined, { signal });
  }
  const beat = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => {}), oldest / 5);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    await rm(file, { force: true });
  }
}

const between = 10;
/** Milliseconds after which a lock that nobody keeps fresh is taken for left behind. */
const oldest = 10_000;

async function taken(file: string): Promise<boolean> {
  try {
    await (await open(file, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if (['EEXIST', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

async function isStale(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > oldest;
}
