import { link, lstat, mkdir, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { type Anchor, anchor, Moved } from './anchor.ts';
import { inParent } from './atomicWrite.ts';
import { under } from './bytePath.ts';

/**
 * Renames a thing to a real path where nothing stands; both folders are held meanwhile. Throws `EEXIST` where
 * something came to stand there, and `Moved` where a folder was swapped.
 */
export async function relocate(from: string, to: string): Promise<void> {
  await using source = await anchor(path.dirname(from));
  await using goal = await anchor(path.dirname(to));
  const [old, fresh] = [at(source, from), at(goal, to)];
  const stat = await lstat(old);
  if (!(await source.holds()) || !(await goal.holds())) throw new Moved(from);
  if (await isOneEntry(from, to)) return await rename(old, fresh);
  if (stat.isDirectory()) return await placeFolder(old, fresh);
  try {
    await link(old, fresh);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || code === 'EXDEV') throw error;
    if (await lstat(fresh).catch(() => null)) throw Object.assign(new Error('exists'), { code: 'EEXIST' });
    return await rename(old, fresh);
  }
  await rm(old);
}

/** Whether two paths name one entry of a file system that takes no notice of case. */
export async function isOneEntry(from: string, to: string): Promise<boolean> {
  if (path.dirname(from) !== path.dirname(to) || from.toLowerCase() !== to.toLowerCase()) return false;
  const [one, other] = await Promise.all([from, to].map((file) => lstat(file).catch(() => null)));
  return Boolean(one && other && one.ino === other.ino && one.dev === other.dev);
}

/** Ends a move of a file that was cut off between its two names, or takes back what a move of a folder claimed. */
export async function settleHalfMoved(from: string, to: string): Promise<void> {
  const [one, other] = await Promise.all([from, to].map((file) => lstat(file).catch(() => null)));
  if (!one || !other) return;
  const isOne = one.ino === other.ino && one.dev === other.dev;
  if (one.isDirectory() && other.isDirectory() && !isOne) {
    await inParent(to, (parent, name) => rmdir(under(parent.base, name))).catch(() => {});
  } else if (isOne && !(await isOneEntry(from, to))) {
    await inParent(from, (parent, name) => rm(under(parent.base, name))).catch(() => {});
  }
}

/** An empty folder is put there first, for that fails where anything stands; the rename then takes its place. */
async function placeFolder(old: string, fresh: string): Promise<void> {
  await mkdir(fresh);
  try {
    if (process.platform === 'win32') await rmdir(fresh);
    await rename(old, fresh);
  } catch (error) {
    await rmdir(fresh).catch(() => {});
    throw error;
  }
}

const at = ({ base }: Anchor, file: string) => path.join(base, path.basename(file));
