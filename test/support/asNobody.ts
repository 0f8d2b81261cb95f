import { chown, readdir } from 'node:fs/promises';
import path from 'node:path';

/** The user `nobody` of every Unix. */
const nobody = 65534;

/** Gives a folder and all in it to an ordinary user, whom the rights of files bind; who is none has it already. */
export async function giveToNobody(folder: string): Promise<void> {
  if (process.geteuid?.() !== 0) return;
  await chown(folder, nobody, nobody);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    await chown(path.join(entry.parentPath, entry.name), nobody, nobody);
  }
}

/** Does work of this process as an ordinary user where it is root; nothing else may be at work in it meanwhile. */
export async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.setegid?.(nobody);
  process.seteuid?.(nobody);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
  }
}

/** Does work at once as root again, in the middle of work of an ordinary user. */
export function asRoot(work: () => void): void {
  process.seteuid?.(0);
  try {
    work();
  } finally {
    process.seteuid?.(nobody);
  }
}
