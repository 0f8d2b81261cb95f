import { closeSync, constants, open as openFolder, readlinkSync } from 'node:fs';
import { type FileHandle, mkdir, open, realpath } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { type AnyPath, nameOf, parentOf, under } from './bytePath.ts';
import { missingFolders } from './newFolders.ts';

/**
 * A folder that is held open while something is done in it, so that nobody can swap it or a folder above it
 * for a link meanwhile (SECURITY S7).
 */
export interface Anchor extends AsyncDisposable {
  /** The path through which the held folder is reached; on Linux it stays true whatever is renamed. */
  readonly base: string;
  /** Whether the folder still stands where it was asked for; the last word before a rename. */
  holds(): Promise<boolean>;
}

/** Thrown where a path leads elsewhere than when it was looked at. */
export class Moved extends Error {
  constructor(where: AnyPath) {
    super(`${where.toString()} leads elsewhere than a moment ago`);
  }
}

const folderFlags = constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0);
const throughHandles = process.platform === 'linux';
const hold = promisify(openFolder);

/** How a file is opened for reading: no link is followed, and nothing is waited for. */
export const readFlags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Holds a folder by its real path; throws `Moved` when that is not where it leads. */
export async function anchor(folder: AnyPath): Promise<Anchor> {
  if (!throughHandles) return plainAnchor(folder.toString());
  const held = await hold(folder, folderFlags).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ELOOP' || error.code === 'ENOTDIR' ? new Moved(folder) : error;
  });
  const base = `/proc/self/fd/${held}`;
  const wanted = Buffer.from(folder);
  // The kernel says where it is, and forgets it, without asking a disk: nothing to wait for.
  const holds = async () => readlinkSync(base, 'buffer').equals(wanted);
  let isHeld = true;
  const release = async () => {
    if (isHeld) closeSync(held);
    isHeld = false;
  };
  if (!(await holds())) {
    await release();
    throw new Moved(folder);
  }
  return { base, holds, [Symbol.asyncDispose]: release };
}

/** Makes the missing folders of a real path, each inside its held parent; answers those it made, outermost first. */
export async function makeFolders(folder: string): Promise<string[]> {
  const made: string[] = [];
  for (const one of await missingFolders(folder)) {
    await using parent = await anchor(path.dirname(one));
    await mkdir(path.join(parent.base, path.basename(one))).then(
      () => made.push(one),
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      },
    );
  }
  return made;
}

/** Opens a file by its real path for reading; throws `Moved` when a link was put in the way. */
export async function openFile(file: AnyPath): Promise<FileHandle> {
  await using parent = await anchor(parentOf(file));
  try {
    return await open(under(parent.base, nameOf(file)), readFlags);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ELOOP' ? new Moved(file) : error;
  }
}

async function plainAnchor(folder: string): Promise<Anchor> {
  const holds = async () => (await realpath(folder)) === folder;
  if (!(await holds())) throw new Moved(folder);
  return { base: folder, holds, [Symbol.asyncDispose]: async () => {} };
}
