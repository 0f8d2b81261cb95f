import { type BigIntStats, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';

/**
 * What tells one state of a file from another: its time, size and place on the disk, or why it cannot be looked at.
 * Who reads anew when it differs misses no change that a watcher did not notice, and an unchanged file costs one look.
 */
export async function fileMark(file: string): Promise<string> {
  return stat(file, { bigint: true }).then(markOf, codeOf);
}

/** The same at once, for files that lie on a disk of this machine. */
export function localFileMark(file: string): string {
  try {
    const found = statSync(file, { bigint: true, throwIfNoEntry: false });
    return found ? markOf(found) : 'ENOENT';
  } catch (error) {
    return codeOf(error);
  }
}

function markOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '?';
}
