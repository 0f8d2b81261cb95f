import { lstat } from 'node:fs/promises';
import path from 'node:path';
import type { Parcel } from '../../../core/ports/target.ts';
import type { Preview } from '../../../protocol/approval.ts';
import { bad, type Failure, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { markerName } from '../marker.ts';
import { parentsOf } from '../parcelNames.ts';
import { someAtOnce } from '../someAtOnce.ts';
import { standingAt } from './leftovers.ts';
import { type LocalMarker, readMarker } from './localMarker.ts';
import { digestAt, isUntouched, type Leaf, leafAt, type Tree, treeOf } from './tree.ts';

/** What stands in a folder: all of it, and which of it we published. */
export interface Standing extends Tree {
  readonly at: string;
  readonly exists: boolean;
  readonly marker: LocalMarker | null;
}

/** One line of a publication's preview, with the digest of what stands there now. */
export type Step = Extract<Preview, { kind: 'files' }>['files'][number] & { readonly stands: string | null };

/** Looks at what stands in a folder. */
export async function standingIn(at: string, signal?: AbortSignal): Promise<Standing> {
  const tree = await treeOf(at, signal);
  const { leaves, folders } = tree ?? { leaves: new Map(), folders: new Map() };
  return { at, exists: tree !== null, leaves, folders, marker: await readMarker(at) };
}

/**
 * Looks at what stands published as `name` in `parent` while others may publish there: when the folder was
 * renamed away under the look, it is looked at again, so that what is seen is one version and not a mixture.
 */
export async function steadily<T>(
  parent: string,
  name: string,
  look: (standing: Standing) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  for (let again = mostLooks; ; again--) {
    const at = await standingAt(parent, name);
    const stamp = await stampOf(at);
    try {
      const seen = await look(await standingIn(at, signal));
      if (again === 0 || (stamp === (await stampOf(at)) && at === (await standingAt(parent, name))))
        return seen;
    } catch (error) {
      if (again === 0 || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

/** Whether a thing in the folder was published by us, by its relative path. */
export function isOurs({ marker }: Standing, name: string): boolean {
  return marker !== null && (name === markerName || Object.hasOwn(marker.files, name));
}

/** What stands there in two parts: what a next version carries over, and what it leaves out. */
export function parted(
  { leaves }: Standing,
  isCarried: (name: string) => boolean,
): [carried: Leaf[], leftOut: Leaf[]] {
  const all = [...leaves.values()];
  return [all.filter((leaf) => isCarried(leaf.path)), all.filter((leaf) => !isCarried(leaf.path))];
}

/** What publishing a parcel there would do, file by file; `conflict` where something of others is in the way. */
export async function stepsFor(
  parcel: Parcel,
  standing: Standing,
  signal: AbortSignal,
): Promise<Outcome<Step[]>> {
  const wanted = new Set(parcel.files.map((file) => file.path));
  const obstacle = obstacleFor(wanted, standing);
  if (obstacle) return bad(inTheWay(obstacle));
  const gone = Object.keys(standing.marker?.files ?? {}).filter((name) => !wanted.has(name));
  const marks = await marksOf(standing, [...wanted, ...gone], signal);
  const steps = parcel.files.map(({ path: name, digest, size }): Step => {
    const stands = marks.get(name) ?? null;
    const change = stands === null ? 'create' : stands === digest ? 'unchanged' : 'update';
    return { path: name, change, size, stands };
  });
  for (const name of gone.sort()) {
    const leaf = standing.leaves.get(name);
    if (!leaf) continue;
    const size = leaf.kind === 'file' ? leaf.size : 0;
    steps.push({ path: name, change: 'delete', size, stands: marks.get(name) ?? null });
  }
  return good(steps);
}

/** What of ours was changed or taken away since it was published; `null` when all of it is as it was. */
export async function changedOf(standing: Standing, signal: AbortSignal): Promise<string | null> {
  const files = Object.entries(standing.marker?.files ?? {});
  const names = files.map(([name]) => name);
  const marks = await marksOf(standing, names, signal);
  return files.find(([name, digest]) => marks.get(name) !== digest)?.[0] ?? null;
}

/** The first of the paths at which something else stands than was seen; `null` when all is as it was seen. */
export async function movedOf(standing: Standing, names: Iterable<string>): Promise<string | null> {
  const moved: string[] = [];
  await someAtOnce([...names], atOnce, new AbortController().signal, async (name) => {
    const seen = standing.leaves.get(name) ?? standing.folders.get(name) ?? null;
    if (!isUntouched(seen, await leafAt(standing.at, name))) moved.push(name);
  });
  return moved.sort()[0] ?? null;
}

/** The failure of a place that something of others has. */
export function inTheWay(name: string): Failure {
  return failures.conflict(
    `"${name}" in the target folder is not from the butler and is in the way.`,
    'Move it away, or choose another folder for the target.',
  );
}

const mostLooks = 50;
const atOnce = 8;

/** Tells one folder from the next that stands in its place: a rename changes it. */
async function stampOf(at: string): Promise<string> {
  const found = await lstat(at, { bigint: true }).catch(() => null);
  return found ? `${found.dev} ${found.ino} ${found.birthtimeNs} ${found.ctimeNs}` : 'nothing';
}

/** What stands at each of the paths, where anything does: the digest of a file, the aim of a link, else its kind. */
async function marksOf(
  standing: Standing,
  names: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const marks = new Map<string, string>();
  await someAtOnce(names, atOnce, signal, async (name, either) => {
    const leaf = standing.leaves.get(name);
    if (leaf) marks.set(name, await markOf(standing, leaf, either));
  });
  return marks;
}

async function markOf(standing: Standing, leaf: Leaf, signal: AbortSignal): Promise<string> {
  if (leaf.kind === 'file') return digestAt(path.join(standing.at, leaf.path), signal);
  return leaf.kind === 'link' ? `link ${leaf.to}` : leaf.kind;
}

/** Something of others where a folder of ours must go, or below where a file of ours must go. */
function obstacleFor(wanted: ReadonlySet<string>, standing: Standing): string | null {
  const folders = new Set([...wanted].flatMap(parentsOf));
  for (const leaf of standing.leaves.values()) {
    const ours = isOurs(standing, leaf.path) && leaf.path !== markerName;
    if (leaf.kind === 'other' && (ours || wanted.has(leaf.path))) return leaf.path;
    if (ours) continue;
    const isFile = leaf.kind !== 'folder';
    if (isFile && folders.has(leaf.path)) return leaf.path;
    if (!isFile && wanted.has(leaf.path)) return leaf.path;
    if (parentsOf(leaf.path).some((parent) => wanted.has(parent))) return leaf.path;
  }
  return standing.marker === null && standing.leaves.has(markerName) ? markerName : null;
}
