import { open, symlink } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { TargetContext } from '../../../core/ports/target.ts';
import { Digest } from '../../../protocol/message.ts';
import { hasBlob } from '../hasBlob.ts';
import { someAtOnce } from '../someAtOnce.ts';
import { calledOff, TargetFault } from '../targetFault.ts';
import { carry, dress, foldersAbove, makeBelow } from './carry.ts';
import { inTheWay, type Standing } from './standing.ts';
import { type Leaf, piecesAt } from './tree.ts';

/** A thing kept so that it can be put back. */
export const Kept = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('file'), path: z.string(), mode: z.int(), digest: Digest }),
  z.strictObject({ kind: z.literal('link'), path: z.string(), to: z.string() }),
  z.strictObject({ kind: z.literal('folder'), path: z.string(), mode: z.int() }),
]);
export type Kept = z.infer<typeof Kept>;

/** What a version of a folder is made of. */
export interface Version {
  /** What is carried over from the one that stands. */
  readonly carried: readonly Leaf[];
  /** What is brought from the store. */
  readonly brought: readonly Kept[];
}

/** Keeps a thing so that it can be put back: a file's bytes in the store, unless they lie there under the digest that is known. */
export async function keep(
  folder: string,
  leaf: Leaf,
  known: string | null,
  { blobs, signal }: TargetContext,
): Promise<Kept | null> {
  const { kind, path: name, mode, to } = leaf;
  if (kind === 'other') return null;
  if (kind === 'link') return { kind, path: name, to };
  if (kind === 'folder') return { kind, path: name, mode };
  if (known !== null && (await hasBlob(known, blobs))) return { kind, path: name, mode, digest: known };
  const { digest } = await blobs.putAll(piecesAt(path.join(folder, name), signal));
  return { kind, path: name, mode, digest };
}

/**
 * Makes a version in an empty folder; folders that stand have the same mode and owner in it. Answers the path of a
 * file whose bytes were deleted from the store, which ends it; `null` when the version is whole.
 */
export async function makeVersion(
  fresh: string,
  { at, folders }: Pick<Standing, 'at' | 'folders'>,
  { carried, brought }: Version,
  context: TargetContext,
  arrived: (bytes: number, path: string) => void = () => {},
): Promise<string | null> {
  const { signal } = context;
  const bare = [...carried, ...brought].filter((one) => one.kind === 'folder').map((one) => one.path);
  const needed = [
    ...new Set([...foldersAbove([...carried, ...brought].map((one) => one.path)), ...bare]),
  ].sort();
  await makeBelow(fresh, needed);
  await someAtOnce(carried, 8, signal, (leaf) => carry(at, fresh, leaf));
  const gone: string[] = [];
  await someAtOnce(brought, 4, signal, async (one, either) => {
    const whole = await putBack(fresh, one, { ...context, signal: either }, arrived);
    if (!whole) gone.push(one.path);
  });
  if (gone[0] !== undefined) return gone[0];
  const top = folders.get('');
  const modes = new Map(brought.flatMap((one) => (one.kind === 'folder' ? [[one.path, one.mode]] : [])));
  for (const name of needed.toReversed()) {
    const stood = folders.get(name);
    const mode = modes.get(name);
    if (stood) await dress(path.join(fresh, name), stood);
    else if (mode !== undefined && top) await dress(path.join(fresh, name), { ...top, path: name, mode });
  }
  if (top) await dress(fresh, top);
  return null;
}

/** Puts a kept thing into a folder; `false` when its bytes were deleted from the store. */
async function putBack(
  to: string,
  kept: Kept,
  { blobs, signal }: TargetContext,
  arrived: (bytes: number, path: string) => void,
): Promise<boolean> {
  const target = path.join(to, kept.path);
  if (kept.kind === 'folder') return true;
  if (kept.kind === 'link') {
    await symlink(kept.to, target);
    return true;
  }
  const pieces = await blobs.open(kept.digest);
  if (!pieces) return false;
  await using file = await open(target, 'wx').catch((error: NodeJS.ErrnoException) => {
    // What is carried over has the name already on a disk that tells neither case nor the form of accents apart.
    throw error.code === 'EEXIST' ? new TargetFault(inTheWay(kept.path)) : error;
  });
  for await (const piece of pieces) {
    if (signal.aborted) throw calledOff();
    await file.writeFile(piece);
    arrived(piece.length, kept.path);
  }
  await file.chmod(kept.mode);
  return true;
}
