import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until a process has no children any more, as Linux tells: those of a server each serve one login. */
export async function childrenGone(pid: number): Promise<void> {
  for (let waits = 0; (await childrenOf(pid)) !== ''; waits++) {
    if (waits > 1_000) throw new Error('a server goes on with one that died');
    await sleep(10);
  }
}

async function childrenOf(pid: number): Promise<string> {
  return (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')).trim();
}
