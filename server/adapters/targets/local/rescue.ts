import { rename } from 'node:fs/promises';
import path from 'node:path';
import { type Marker, markerName, readMarker } from '../marker.ts';
import { carry, dress, foldersAbove, makeBelow } from './carry.ts';
import { isSame, type Leaf, leafAt, type Tree, treeOf } from './tree.ts';

/**
 * Brings what came into an old version after the new one was made into the folder that took its place; before it took
 * its place (`committed` is false then) all of the old version is brought. Answers whether everything of it that must
 * not be lost stands in the folder now.
 */
export async function rescue(old: string, folder: string, committed: boolean): Promise<boolean> {
  const was = await treeOf(old);
  if (!was) return true;
  const markers = committed ? [await readMarker(old), await readMarker(folder)] : [];
  let safe = true;
  for (const leaf of was.leaves.values()) {
    if (committed && isReplaced(leaf.path, markers)) continue;
    const brought = await bring(old, folder, leaf, was, committed).catch(() => false);
    safe &&= brought;
  }
  return safe;
}

/** What publications put there, or wrote over: it was kept for undo before. */
function isReplaced(name: string, markers: readonly (Marker | null)[]): boolean {
  return name === markerName || markers.some((marker) => marker && Object.hasOwn(marker.files, name));
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
