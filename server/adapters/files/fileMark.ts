import { stat } from 'node:fs/promises';

/**
 * What tells one state of a file from another: its time, size and place on the disk, or why it cannot be looked at.
 * Who reads anew when it differs misses no change that a watcher did not notice, and an unchanged file costs one look.
 */
export async function fileMark(file: string): Promise<string> {
  const found = await stat(file, { bigint: true }).catch((error: NodeJS.ErrnoException) => error.code ?? '?');
  if (typeof found === 'string') return found;
  const { dev, ino, size, mtimeNs, ctimeNs } = found;
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}
