import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { DeliverableFile } from '../server/protocol/deliverable.ts';

/** A file and the path of this machine where it goes. */
export interface Copy {
  readonly file: DeliverableFile;
  readonly to: string;
}

/** Writes pieces under another name first, so that a file is there whole or not at all. */
export async function writeWhole(
  pieces: AsyncIterable<Uint8Array>,
  to: string,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(path.dirname(to), { recursive: true });
  const half = `${to}.${process.pid}.part`;
  try {
    await pipeline(pieces, createWriteStream(half, { flags: 'wx' }), { signal });
    await rename(half, to);
  } catch (error) {
    await rm(half, { force: true });
    throw error;
  }
}

/** Where each file goes below a folder; nothing where one of them would leave it. */
export function copiesInto(folder: string, files: readonly DeliverableFile[]): Copy[] | null {
  const copies = files.map((file) => ({ file, to: path.join(folder, file.path) }));
  return copies.every(({ to }) => to.startsWith(folder + path.sep)) ? copies : null;
}
