import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { House } from './house.ts';

/** The ids of the workers that run from a house's own copy of the extension. */
export async function workersOf(house: House): Promise<number[]> {
  const ours = path.join(house.vscode.folder, 'ext');
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return ids.flatMap((id, index) => {
    const words = lines[index]?.split('\0') ?? [];
    const isWorker = words.some((word) => word.startsWith(ours) && word.endsWith('/dist/worker.mjs'));
    return isWorker ? [Number(id)] : [];
  });
}

/** Looks again and again until something holds; the test's own limit ends it otherwise. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(50);
}
