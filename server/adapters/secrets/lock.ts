import { mkdir, open, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** Runs work while no other process runs work under the same lock file; a lock that a dead process left is broken. */
export async function locked<T>(file: string, work: () => Promise<T>): Promise<T> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  while (!(await taken(file))) {
    if (await isStale(file)) await rm(file, { force: true });
    else await setTimeout(between);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

const between = 20;
/** Milliseconds after which a lock is taken for left behind; the work under it is far shorter. */
const oldest = 15_000;

async function taken(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle.close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'EEXIST' || error.code === 'EPERM'))
      return false;
    throw error;
  }
}

async function isStale(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > oldest;
}
