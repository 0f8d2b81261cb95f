import { lstat } from 'node:fs/promises';
import path from 'node:path';
import type { Parcel } from '../../core/ports/target.ts';
import type { Preview } from '../../protocol/approval.ts';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { type Marker, markerName, readMarker } from './marker.ts';
import { standingAt } from './stage.ts';
import { digestAt, isFolder, type Leaf, leavesOf } from './tree.ts';

/** What stands in a folder: all of it, and which of it we published. */
export interface Standing {
  readonly at: string;
  readonly exists: boolean;
  readonly leaves: ReadonlyMap<string, Leaf>;
  readonly marker: Marker | null;
}

/** One line of a publication's preview, with the digest of what stands there now. */
export type Step = Extract<Preview, { kind: 'files' }>['files'][number] & { readonly stands: string | null };

/** Looks at what stands in a folder. */
export async function standingIn(at: string): Promise<Standing> {
  const leaves = await leavesOf(at);
  return { at, exists: await isFolder(at), leaves: leaves ?? new Map(), marker: await readMarker(at) };
}

/**
 * Looks at what stands published as `name` in `parent` while others may publish there: when the folder was
 * renamed away under the look, it is looked at again, so that what is seen is one version and not a mixture.
 */
export async function steadily<T>(
  parent: string,
  name: string,
  look: (standing: Standing) => Promise<T>,
): Promise<T> {
  for (let again = mostLooks; ; again--) {
    const at = await standingAt(parent, name);
    const stamp = await stampOf(at);
    try {
      const seen = await look(await standingIn(at));
      if (again === 0 || (stamp === (await stampOf(at)) && at === (await standingAt(parent, name))))
        return seen;
    } catch (error) {
      if (again === 0 || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

const mostLooks = 50;

/** Tells one folder from the next that stands in its place: a rename changes it. */
async function stampOf(at: string): Promise<string> {
  const found = await lstat(at, { bigint: true }).catch(() => null);
  return found ? `${found.dev} ${found.ino} ${found.birthtimeNs} ${found.ctimeNs}` : 'nothing';
}

/** Whether a thing in the folder was published by us, by its relative path. */
export function isOurs({ marker }: Standing, name: string): boolean {
  return marker !== null && (name === markerName || Object.hasOwn(marker.files, name));
}

/** What publishing a parcel there would do, file by file; `conflict` where something of others is in the way. */
export async function stepsFor(parcel: Parcel, standing: Standing): Promise<Outcome<Step[]>> {
  const wanted = new Set(parcel.files.map((file) => file.path));
  const obstacle = obstacleFor(wanted, standing);
  if (obstacle) return bad(inTheWay(obstacle));
  const steps: Step[] = [];
  for (const { path: name, digest, size } of parcel.files) {
    const leaf = standing.leaves.get(name);
    const stands = leaf ? await markOf(standing, leaf) : null;
    const change = stands === null ? 'create' : stands === digest ? 'unchanged' : 'update';
    steps.push({ path: name, change, size, stands });
  }
  for (const name of Object.keys(standing.marker?.files ?? {}).sort()) {
    const leaf = standing.leaves.get(name);
    if (!leaf || wanted.has(name)) continue;
    const size = leaf.kind === 'file' ? leaf.size : 0;
    steps.push({ path: name, change: 'delete', size, stands: await markOf(standing, leaf) });
  }
  return good(steps);
}

/** What of ours was changed or taken away since it was published; `null` when all of it is as it was. */
export async function changedOf(standing: Standing): Promise<string | null> {
  for (const [name, digest] of Object.entries(standing.marker?.files ?? {})) {
    const leaf = standing.leaves.get(name);
    if (leaf?.kind !== 'file' || (await markOf(standing, leaf)) !== digest) return name;
  }
  return null;
}

async function markOf(standing: Standing, leaf: Leaf): Promise<string> {
  if (leaf.kind === 'file') return digestAt(path.join(standing.at, leaf.path));
  return leaf.kind === 'link' ? `link ${leaf.to}` : leaf.kind;
}

/** Something of others where a folder of ours must go, or below where a file of ours must go. */
function obstacleFor(wanted: ReadonlySet<string>, standing: Standing): string | null {
  const folders = new Set([...wanted].flatMap(parentsOf));
  for (const leaf of standing.leaves.values()) {
    if (isOurs(standing, leaf.path) && leaf.path !== markerName) continue;
    const isFile = leaf.kind !== 'folder';
    if (isFile && folders.has(leaf.path)) return leaf.path;
    if (!isFile && wanted.has(leaf.path)) return leaf.path;
    if (leaf.kind === 'other' && wanted.has(leaf.path)) return leaf.path;
    const below = parentsOf(leaf.path).find((parent) => wanted.has(parent));
    if (below) return leaf.path;
  }
  return standing.marker === null && standing.leaves.has(markerName) ? markerName : null;
}

function parentsOf(name: string): string[] {
  const names = name.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}

function inTheWay(name: string) {
  return failures.conflict(
    `"${name}" in the target folder is not from the butler and is in the way.`,
    'Move it away, or choose another folder for the target.',
  );
}
