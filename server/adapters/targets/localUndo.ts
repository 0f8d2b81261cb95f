import { chmod, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { TargetContext } from '../../core/ports/target.ts';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { markerName } from './marker.ts';
import type { Stage } from './stage.ts';
import { changedOf, isOurs, type Standing, standingIn } from './standing.ts';
import { carry, digestAt, Kept, putBack } from './tree.ts';

/** What taking back a publication into a folder needs to know. */
export const Undo = z.strictObject({
  folder: z.string(),
  existed: z.boolean(),
  /** What was replaced or taken away, to be put back. */
  kept: z.array(Kept),
  /** What was published. */
  files: z.array(z.string()),
  /** Folders made above the published one, outermost first. */
  made: z.array(z.string()),
});
export type Undo = z.infer<typeof Undo>;

/** The same with the execution whose publication must still stand there. */
export const Taking = z.strictObject({ execution: z.string(), ...Undo.shape });
export type Taking = z.infer<typeof Taking>;

/** Puts the earlier version in the place of a publication that is as it was left; what others added stays. */
export async function takeBack(stage: Stage, undo: Taking, context: TargetContext): Promise<Outcome<void>> {
  const standing = await standingIn(undo.folder);
  if (await isBackAlready(standing, undo)) return good(undefined);
  if (standing.marker?.execution !== undo.execution) return bad(changed(undo.folder, 'another publication'));
  const fault = (await changedOf(standing)) ?? undo.kept.find((one) => isTaken(standing, one.path))?.path;
  if (fault !== undefined) return bad(changed(undo.folder, fault));
  let count = 0;
  for (const leaf of standing.leaves.values()) {
    if (isOurs(standing, leaf.path)) continue;
    await carry(standing.at, stage.fresh, leaf);
    count++;
  }
  for (const one of undo.kept) {
    if (!(await putBack(stage.fresh, one, context)))
      return bad(changed(undo.folder, `the store (${one.path})`));
    count++;
  }
  if (count > 0 || undo.existed) {
    await chmod(stage.fresh, (await stat(standing.at)).mode & 0o7777);
    await stage.commit();
    return good(undefined);
  }
  await stage.remove();
  return good(undefined);
}

/** Removes folders, innermost first, as far as they are empty. */
export async function removeEmpty(folders: readonly string[]): Promise<void> {
  for (const folder of folders.toReversed()) await rmdir(folder).catch(() => {});
}

/** Whether an earlier try got through and only its record is missing. */
async function isBackAlready(standing: Standing, undo: Undo): Promise<boolean> {
  if (!standing.exists) return !undo.existed;
  const kept = new Map(undo.kept.map((one) => [one.path, one]));
  if (undo.files.some((name) => standing.leaves.has(name) && !kept.has(name))) return false;
  if (standing.leaves.has(markerName) !== kept.has(markerName)) return false;
  for (const one of undo.kept) if (!(await stands(standing, one))) return false;
  return true;
}

async function stands(standing: Standing, kept: Kept): Promise<boolean> {
  const leaf = standing.leaves.get(kept.path);
  if (leaf?.kind === 'link') return kept.kind === 'link' && kept.to === leaf.to;
  if (leaf?.kind !== 'file' || kept.kind !== 'file') return false;
  return (await digestAt(path.join(standing.at, leaf.path))) === kept.digest;
}

/** Whether something of others stands where a kept thing must go back. */
function isTaken(standing: Standing, name: string): boolean {
  return standing.leaves.has(name) && !isOurs(standing, name);
}

function changed(folder: string, what: string) {
  return failures.conflict(
    `${folder} is not as it was published: ${what} was changed since.`,
    'It was left as it is; compare it and change it by hand.',
  );
}
