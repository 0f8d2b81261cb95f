import { chmod, lstat, mkdir, rename, rm, rmdir, symlink } from 'node:fs/promises';
import { anchor, Moved } from './anchor.ts';
import { inParent, temporaryName, writeAtomically } from './atomicWrite.ts';
import { type AnyPath, under } from './bytePath.ts';
import { contentAt, type Images, isSame, type Thing } from './things.ts';

/** How a thing is made: in whose place, from whose bytes. */
export interface Making {
  /** What stands there and is of the same kind; `null` where nothing does. */
  readonly replaces: Thing | null;
  readonly images: Images;
  readonly execution: string;
}

/** Makes a thing at a path, in a folder that is held; throws where something else came to stand there. */
export async function makeThing(file: AnyPath, thing: Thing, making: Making): Promise<void> {
  const { replaces, images, execution } = making;
  if (thing.kind === 'folder') {
    if (replaces) return;
    return inParent(file, (parent, name) => mkdir(under(parent.base, name), thing.mode | 0o700));
  }
  const still = async () => {
    const now = await contentAt(file, images);
    return now !== 'other' && isSame(now?.thing ?? null, replaces);
  };
  if (thing.kind === 'file') {
    const bytes = await images.open(thing.digest);
    if (!bytes) throw new Moved(file);
    return writeAtomically({
      path: file,
      bytes,
      mode: thing.mode,
      fresh: replaces === null,
      execution,
      still,
    });
  }
  const bytes = await images.get(thing.digest);
  if (!bytes) throw new Moved(file);
  await inParent(file, async (parent, name) => {
    const temporary = under(parent.base, temporaryName(execution));
    if (!replaces) return symlink(Buffer.from(bytes), under(parent.base, name));
    try {
      await symlink(Buffer.from(bytes), temporary);
      if (!(await still()) || !(await parent.holds())) throw new Moved(file);
      await rename(temporary, under(parent.base, name));
    } finally {
      await rm(temporary, { force: true });
    }
  });
}

/** Takes a thing away, if it stands as it was left; a folder in which others put something stays. */
export async function removeThing(file: AnyPath, thing: Thing, images: Images): Promise<void> {
  const now = await contentAt(file, images);
  if (now === 'other' || !isSame(now?.thing ?? null, thing)) throw new Moved(file);
  await inParent(file, async (parent, name) => {
    const at = under(parent.base, name);
    if (thing.kind !== 'folder') return rm(at);
    await rmdir(at).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  });
}

/** Gives a folder its mode, once everything in it stands. */
export async function settleMode(folder: AnyPath, mode: number): Promise<void> {
  await using held = await anchor(folder);
  if (((await lstat(`${held.base}/.`)).mode & 0o7777) !== mode) await chmod(held.base, mode);
}
