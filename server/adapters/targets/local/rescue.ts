import { rename } from 'node:fs/promises';
import path from 'node:path';
import { carry, dress, foldersAbove, makeBelow } from './carry.ts';
import type { LeftOut } from './leftOut.ts';
import { isSame, isUntouched, type Leaf, leafAt, type Tree, treeOf } from './tree.ts';

/**
 * Brings what came into an old version after the new one was made into the folder that took its place; all but what was
 * left out on purpose, or with `null` all of it, as the new one did not take its place. Answers whether everything that
 * must not be lost stands in the folder now.
 */
export async function rescue(old: string, folder: string, leftOut: LeftOut | null): Promise<boolean> {
  const was = await treeOf(old);
  if (!was) return true;
  let safe = true;
  for (const leaf of was.leaves.values()) {
    const seen = leftOut?.get(leaf.path);
    if (seen && isUntouched(seen, leaf)) continue;
    const brought = await bring(old, folder, leaf, was, leftOut !== null).catch(() => false);
    safe &&= brought;
  }
  return safe;
}

/** A file that a person saved anew while the next version was made has the place of what was carried over before. */
async function bring(
  old: string,
  folder: string,
  leaf: Leaf,
  was: Tree,
  committed: boolean,
): Promise<boolean> {
  const there = await leafAt(folder, leaf.path);
  if (there && (there.ino === leaf.ino || isSame(there, leaf))) return true;
  if (!there) {
    const folders = ['', ...foldersAbove([leaf.path])];
    for (const name of folders) await makeAs(folder, name, was);
    await carry(old, folder, leaf);
    return true;
  }
  const isNewer = committed && there.kind === 'file' && leaf.kind === 'file' && leaf.changed >= there.changed;
  if (isNewer) await rename(path.join(old, leaf.path), path.join(folder, leaf.path));
  return isNewer;
}

async function makeAs(folder: string, name: string, was: Tree): Promise<void> {
  if (await leafAt(folder, name)) return;
  await makeBelow(folder, [name]);
  const facts = was.folders.get(name);
  if (facts) await dress(path.join(folder, name), facts);
}
