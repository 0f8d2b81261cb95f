import { rmdir } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { TargetContext } from '../../../core/ports/target.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { markerName } from '../marker.ts';
import { parentsOf } from '../parcelNames.ts';
import { Kept, makeVersion } from './kept.ts';
import type { Stage } from './stage.ts';
import { changedOf, isOurs, movedOf, parted, type Standing, standingIn } from './standing.ts';
import { digestAt } from './tree.ts';

/** What taking back a publication into a folder needs to know. */
export const Undo = z.strictObject({
  folder: z.string(),
  existed: z.boolean(),
  /** What was replaced or taken away, to be put back, and the folders that it lay in. */
  kept: z.array(Kept),
  /** What was published. */
  files: z.array(z.string()),
  /** What of it stood there before just as it was published. */
  stays: z.array(z.string()).default([]),
  /** Folders made above the published one, outermost first. */
  made: z.array(z.string()),
});
export type Undo = z.infer<typeof Undo>;

/** The same with the execution whose publication must still stand there. */
export const Taking = z.strictObject({ execution: z.string(), ...Undo.shape });
export type Taking = z.infer<typeof Taking>;

/** Puts the earlier version in the place of a publication that is as it was left; what others added stays. */
export async function takeBack(stage: Stage, undo: Taking, context: TargetContext): Promise<Outcome<void>> {
  const standing = await standingIn(stage.folder, context.signal);
  if (await isBackAlready(standing, undo)) return good(undefined);
  if (standing.marker?.execution !== undo.execution) return bad(changed(undo.folder, 'another publication'));
  const fault = (await changedOf(standing, context.signal)) ?? takenOf(standing, undo.kept);
  if (fault !== null) return bad(changed(undo.folder, fault));
  const stays = new Set(undo.stays);
  const [carried, leftOut] = parted(standing, (name) => stays.has(name) || !isOurs(standing, name));
  const gone = await makeVersion(stage.fresh, standing, { carried, brought: undo.kept }, context);
  if (gone !== null) return bad(changed(undo.folder, `the store (${gone})`));
  const seen = new Set([...undo.files, ...undo.kept.map((one) => one.path), markerName]);
  const touched = await movedOf(standing, seen);
  if (touched !== null) return bad(changed(undo.folder, touched));
  if (undo.existed || carried.length > 0) await stage.commit(leftOut);
  else await stage.remove(leftOut);
  return good(undefined);
}

/** The failure of a folder in which something stands otherwise than it was published. */
export function changed(folder: string, what: string) {
  return failures.conflict(
    `${folder} is not as it was published: ${what} was changed since.`,
    'It was left as it is; compare it and change it by hand.',
  );
}

/** Removes folders, innermost first, as far as they are empty. */
export async function removeEmpty(folders: readonly string[]): Promise<void> {
  for (const folder of folders.toReversed()) await rmdir(folder).catch(() => {});
}

/** Whether an earlier try got through and only its record is missing. */
async function isBackAlready(standing: Standing, undo: Undo): Promise<boolean> {
  if (!standing.exists) return !undo.existed;
  const before = new Set([...undo.stays, ...undo.kept.map((one) => one.path)]);
  if (undo.files.some((name) => standing.leaves.has(name) && !before.has(name))) return false;
  if (standing.leaves.has(markerName) !== before.has(markerName)) return false;
  for (const one of undo.kept) if (!(await stands(standing, one))) return false;
  return true;
}

async function stands(standing: Standing, kept: Kept): Promise<boolean> {
  if (kept.kind === 'folder') return standing.folders.has(kept.path);
  const leaf = standing.leaves.get(kept.path);
  if (leaf?.kind === 'link') return kept.kind === 'link' && kept.to === leaf.to;
  if (leaf?.kind !== 'file' || kept.kind !== 'file') return false;
  return (await digestAt(path.join(standing.at, leaf.path))) === kept.digest;
}

/** Something of others where a kept thing must go back, or a folder above it, or below it; `null` where nothing is. */
function takenOf(standing: Standing, kept: readonly Kept[]): string | null {
  const folders = new Set(kept.flatMap((one) => parentsOf(one.path)));
  const places = new Set(kept.filter((one) => one.kind !== 'folder').map((one) => one.path));
  for (const one of kept) if (one.kind === 'folder') folders.add(one.path);
  for (const { path: name, kind } of standing.leaves.values()) {
    if (isOurs(standing, name)) continue;
    if (places.has(name) || parentsOf(name).some((parent) => places.has(parent))) return name;
    if (kind !== 'folder' && folders.has(name)) return name;
  }
  return null;
}
