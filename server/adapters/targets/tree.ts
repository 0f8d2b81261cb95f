import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  chmod,
  copyFile,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  symlink,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { TargetContext } from '../../core/ports/target.ts';
import { Digest } from '../../protocol/message.ts';

/** One thing in a folder; links are things of their own and never followed. */
export const Leaf = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('file'), path: z.string(), mode: z.int(), size: z.int() }),
  z.strictObject({ kind: z.literal('link'), path: z.string(), to: z.string() }),
  z.strictObject({ kind: z.literal('folder'), path: z.string() }),
  z.strictObject({ kind: z.literal('other'), path: z.string() }),
]);
export type Leaf = z.infer<typeof Leaf>;

/** A thing kept so that it can be put back. */
export const Kept = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('file'), path: z.string(), mode: z.int(), digest: Digest }),
  z.strictObject({ kind: z.literal('link'), path: z.string(), to: z.string() }),
]);
export type Kept = z.infer<typeof Kept>;

/** Everything below a folder, by relative path with `/`: files, links and empty folders; `null` where it is not a folder. */
export async function leavesOf(folder: string): Promise<Map<string, Leaf> | null> {
  if (!(await isFolder(folder))) return null;
  const leaves = new Map<string, Leaf>();
  const visit = async (below: string): Promise<void> => {
    const entries = await readdir(path.join(folder, below), { withFileTypes: true });
    if (entries.length === 0 && below !== '') leaves.set(below, { kind: 'folder', path: below });
    for (const entry of entries) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) await visit(name);
      else leaves.set(name, await leafAt(folder, name));
    }
  };
  await visit('');
  return leaves;
}

/** SHA-256 of a file's bytes, read piece by piece. */
export async function digestAt(file: string): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(file)) digest.update(chunk as Uint8Array);
  return digest.digest('hex');
}

/** Keeps a file's bytes in the store, or a link's aim, so that it can be put back. */
export async function keep(folder: string, leaf: Leaf, context: TargetContext): Promise<Kept | null> {
  if (leaf.kind === 'link') return leaf;
  if (leaf.kind !== 'file') return null;
  const digest = await context.blobs.put(await readFile(path.join(folder, leaf.path)));
  return { kind: 'file', path: leaf.path, mode: leaf.mode, digest };
}

/** Carries one thing from one folder into another; a file by a hard link where the disk can, so that it stays the same file. */
export async function carry(from: string, to: string, leaf: Leaf): Promise<void> {
  const target = path.join(to, leaf.path);
  await mkdir(leaf.kind === 'folder' ? target : path.dirname(target), { recursive: true });
  if (leaf.kind === 'link') await symlink(leaf.to, target);
  if (leaf.kind !== 'file') return;
  const source = path.join(from, leaf.path);
  await link(source, target).catch(() => copyFile(source, target));
}

/** Puts a kept thing into a folder; `false` when its bytes were deleted from the store. */
export async function putBack(to: string, kept: Kept, context: TargetContext): Promise<boolean> {
  const target = path.join(to, kept.path);
  await mkdir(path.dirname(target), { recursive: true });
  if (kept.kind === 'link') {
    await symlink(kept.to, target);
    return true;
  }
  const bytes = await context.blobs.get(kept.digest);
  if (!bytes) return false;
  await writeFile(target, bytes, { flag: 'wx' });
  await chmod(target, kept.mode);
  return true;
}

/** Whether there is a real folder, not a link to one. */
export async function isFolder(at: string): Promise<boolean> {
  return (await lstat(at).catch(() => null))?.isDirectory() ?? false;
}

async function leafAt(folder: string, name: string): Promise<Leaf> {
  const at = path.join(folder, name);
  const stat = await lstat(at);
  if (stat.isSymbolicLink()) return { kind: 'link', path: name, to: await readlink(at) };
  if (stat.isFile()) return { kind: 'file', path: name, mode: stat.mode & 0o7777, size: stat.size };
  return { kind: 'other', path: name };
}
