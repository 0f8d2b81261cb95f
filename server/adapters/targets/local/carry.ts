import {
  chmod,
  chown,
  constants,
  copyFile,
  link,
  lstat,
  mkdir,
  open,
  symlink,
  utimes,
} from 'node:fs/promises';
import path from 'node:path';
import { failures } from '../../../protocol/failure.ts';
import { readFlags } from '../../tools/files/anchor.ts';
import { parentsOf } from '../parcelNames.ts';
import { TargetFault } from '../targetFault.ts';
import type { Leaf } from './tree.ts';

/** The folders that things at these paths lie in, the outermost first. */
export function foldersAbove(paths: Iterable<string>): string[] {
  return [...new Set([...paths].flatMap(parentsOf))].sort();
}

/** Makes folders below one, in the order given; one that stands is let be. */
export async function makeBelow(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await mkdir(path.join(folder, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/**
 * Carries one thing from one folder into another whose subfolders are there; a file by a hard link where the disk
 * can, so that it stays the same file. What cannot be carried as it is stops the work.
 */
export async function carry(from: string, to: string, leaf: Leaf): Promise<void> {
  const source = path.join(from, leaf.path);
  const target = path.join(to, leaf.path);
  if (leaf.kind === 'folder') return makeBelow(to, [leaf.path]);
  if (leaf.kind === 'link') return symlink(leaf.to, target);
  try {
    await link(source, target);
  } catch (error) {
    if (!withoutLinks.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    if (leaf.kind === 'other') throw new TargetFault(notCarried(leaf.path, 'is no file'));
    await copyFile(source, target, constants.COPYFILE_EXCL);
    await dress(target, leaf);
    await utimes(target, leaf.changed / 1000, leaf.changed / 1000);
    await settleOnDisk(target);
  }
}

/** Gives a thing the mode and the owner that another one has. */
export async function dress(at: string, { mode, uid, gid, path: name }: Leaf): Promise<void> {
  const made = await lstat(at);
  if (made.uid !== uid) {
    await chown(at, uid, gid).catch(() => {
      throw new TargetFault(notCarried(name, 'belongs to another user'));
    });
  } else if (made.gid !== gid) await chown(at, uid, gid).catch(() => {});
  if ((made.mode & 0o7777) !== mode || made.uid !== uid) await chmod(at, mode);
}

/** The old version goes soon, so a copy must not lie in the memory of the machine only; as far as the system lets us. */
async function settleOnDisk(file: string): Promise<void> {
  await using handle = await open(file, readFlags);
  await handle.sync().catch(() => {});
}

/** Answers of disks and systems on which a thing can have one name only. */
const withoutLinks = new Set(['EPERM', 'EXDEV', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

function notCarried(name: string, why: string) {
  const what = `"${name || '.'}" in the target folder ${why} and cannot be carried into the next version.`;
  return failures.conflict(what, 'Move it away, or choose another folder for the target.');
}
