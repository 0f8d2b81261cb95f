import { createHash } from 'node:crypto';
import { lstat, open, readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { failures } from '../../../protocol/failure.ts';
import { readFlags } from '../../tools/files/anchor.ts';
import { calledOff, TargetFault } from '../targetFault.ts';

/** What tells one thing from another that has its name. */
export const Look = z.strictObject({
  kind: z.enum(['file', 'link', 'folder', 'other']),
  ino: z.number(),
  size: z.number(),
  /** When its content was changed, in ms since 1970. */
  changed: z.number(),
  /** Where a link leads; empty for all else. */
  to: z.string(),
});
export type Look = Readonly<z.infer<typeof Look>>;

/** One thing in a folder; links are things of their own and never followed. */
export interface Leaf extends Look {
  /** Relative, with `/` between names. */
  readonly path: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly dev: number;
}

/** Everything below a folder, by relative path. */
export interface Tree {
  /** Files, links, empty folders, and sockets and the like. */
  readonly leaves: ReadonlyMap<string, Leaf>;
  /** Every folder; the whole one under the empty path. */
  readonly folders: ReadonlyMap<string, Leaf>;
}

/** Looks at everything below a folder, all on one disk; `null` where it is not a folder. */
export async function treeOf(folder: string, signal?: AbortSignal): Promise<Tree | null> {
  const top = await leafAt(folder, '');
  if (top?.kind !== 'folder') return null;
  const leaves = new Map<string, Leaf>();
  const folders = new Map([['', top]]);
  const visit = async (one: Leaf): Promise<void> => {
    if (signal?.aborted) throw calledOff();
    const names = await readdir(path.join(folder, one.path));
    if (names.length === 0 && one !== top) leaves.set(one.path, one);
    const found = await Promise.all(
      names.map((name) => seen(folder, one === top ? name : `${one.path}/${name}`)),
    );
    for (const leaf of found) {
      if (leaf?.kind === 'folder') folders.set(leaf.path, leaf);
      else if (leaf) leaves.set(leaf.path, leaf);
    }
    for (const leaf of found) {
      if (leaf?.kind !== 'folder') continue;
      if (leaf.dev !== top.dev) throw new TargetFault(otherDisk(leaf.path));
      await visit(leaf);
    }
  };
  await visit(top);
  return { leaves, folders };
}

/** One thing below a folder; `null` where there is nothing. */
export async function leafAt(folder: string, name: string): Promise<Leaf | null> {
  const at = path.join(folder, name);
  const stat = await lstat(at).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
  if (!stat) return null;
  const { uid, gid, dev, ino, size, mtimeMs } = stat;
  const kind = stat.isSymbolicLink()
    ? 'link'
    : stat.isDirectory()
      ? 'folder'
      : stat.isFile()
        ? 'file'
        : 'other';
  const to = kind === 'link' ? await readlink(at) : '';
  return { path: name, kind, mode: stat.mode & 0o7777, uid, gid, dev, ino, size, changed: mtimeMs, to };
}

/** Whether two looks saw the same thing, as far as that shows without reading it; a faithful copy counts as the same. */
export function isSame(one: Look, other: Look): boolean {
  if (one.kind !== other.kind || one.to !== other.to) return false;
  if (one.kind !== 'file') return true;
  return one.size === other.size && Math.abs(one.changed - other.changed) < 1;
}

/** Whether a thing is the very one that was seen, and nobody wrote to it since. */
export function isUntouched(seen: Look | null, now: Look | null): boolean {
  return seen === null || now === null ? seen === now : seen.ino === now.ino && isSame(seen, now);
}

/** The bytes of a file piece by piece, no link followed. */
export async function* piecesAt(
  file: string,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  await using handle = await open(file, readFlags);
  const length = Math.min((await handle.stat()).size + 1, largestPiece);
  for (;;) {
    if (signal?.aborted) throw calledOff();
    const piece = Buffer.allocUnsafe(length);
    const { bytesRead } = await handle.read(piece, 0, length);
    if (bytesRead > 0) yield piece.subarray(0, bytesRead);
    if (bytesRead === 0 || (bytesRead < length && length < largestPiece)) return;
  }
}

/** SHA-256 of a file's bytes, read piece by piece. */
export async function digestAt(file: string, signal?: AbortSignal): Promise<string> {
  const digest = createHash('sha256');
  for await (const piece of piecesAt(file, signal)) digest.update(piece);
  return digest.digest('hex');
}

/** Whether there is a real folder, not a link to one. */
export async function isFolder(at: string): Promise<boolean> {
  return (await lstat(at).catch(() => null))?.isDirectory() ?? false;
}

/** Whether there is something that is no real folder. */
export async function isOther(at: string): Promise<boolean> {
  return !((await lstat(at).catch(() => null))?.isDirectory() ?? true);
}

/** Whether there is anything, of whatever kind. */
export async function stands(at: string): Promise<boolean> {
  return (await lstat(at).catch(() => null)) !== null;
}

const largestPiece = 1024 * 1024;

/** A name that is no valid text reads as another one, under which there is nothing. */
async function seen(folder: string, name: string): Promise<Leaf | null> {
  const leaf = await leafAt(folder, name);
  if (leaf || !name.includes('\ufffd')) return leaf;
  const what = `The folder holds a name that is no valid text: "${name}".`;
  throw new TargetFault(failures.conflict(what, 'Rename it, or choose another folder for the target.'));
}

/** What lies on a disk of its own cannot be carried by names, and would be deleted with the old version. */
function otherDisk(name: string) {
  const what = `"${name}" in the target folder is a disk of its own.`;
  return failures.conflict(what, 'Choose another folder for the target.');
}
