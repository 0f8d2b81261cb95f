import { randomUUID } from 'node:crypto';
import { chmod, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { type LeftOut, readLeftOut } from './leftOut.ts';
import { isAtWork, isHeld, ownSuffix } from './owner.ts';
import { rescue } from './rescue.ts';
import { isFolder, stands, treeOf } from './tree.ts';

/** The hidden folder beside a published one in which its next version is made. */
export function stageIn(parent: string, name: string): string {
  return path.join(parent, `.${name}.butler-publish`);
}

/** How the name of the folder in a stage begins in which the new version is made. */
export const freshName = 'new';

/** All stages of a published folder, with those that others left behind or are about to have. */
export async function stagesIn(parent: string, name: string): Promise<string[]> {
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
  const stage = path.basename(stageIn(parent, name));
  // A link that bears the name of a stage leads to what is none of ours.
  return entries
    .filter((one) => one.isDirectory() && (one.name === stage || one.name.startsWith(`${stage}-`)))
    .map((one) => path.join(parent, one.name));
}

/** Where the published folder's present version lies: in its place, or in a stage between two renames. */
export async function standingAt(parent: string, name: string): Promise<string> {
  const folder = path.join(parent, name);
  if (await stands(folder)) return folder;
  for (const stage of await stagesIn(parent, name)) {
    if (await isFolder(path.join(stage, 'old'))) return path.join(stage, 'old');
  }
  return folder;
}

/** Gives a stage whose owner died another name, so that its own is free. */
export async function pushAside(stage: string): Promise<void> {
  if (!(await stands(stage)) || (await isAtWork(stage))) return;
  const aside = `${stage}-${randomUUID()}`;
  await rename(stage, aside).catch(() => {});
  if (await isHeld(aside)) await rename(aside, stage).catch(() => {});
}

/**
 * Ends a stage while the lock is held: what lies in it goes where it belongs, and it goes. Nothing in it is deleted
 * that stands nowhere else; one that cannot be ended now is left for the next publication to end.
 */
export async function end(stage: string, parent: string, name: string): Promise<void> {
  const at = stageIn(parent, name);
  const mine = `${at}-${ownSuffix()}`;
  try {
    await settle(stage, path.join(parent, name));
    await rename(stage, mine);
    await discard(mine);
  } catch {
    for (const one of [stage, mine]) {
      await rm(path.join(one, 'owner.json'), { force: true }).catch(() => {});
      await rename(one, `${at}-${randomUUID()}`).catch(() => {});
    }
  }
}

/**
 * Gets rid of an old version, once all in it that was not left out on purpose stands in the folder; else it is laid
 * beside it.
 */
export async function layOff(stage: string, folder: string, leftOut: LeftOut | null): Promise<void> {
  const old = path.join(stage, 'old');
  const safe = await rescue(old, folder, leftOut);
  await rename(old, safe ? path.join(stage, 'gone') : `${folder}.butler-kept-${randomUUID().slice(0, 8)}`);
}

/** While the new version still lies in the stage it did not take the place of the old one. */
async function settle(stage: string, folder: string): Promise<void> {
  const old = path.join(stage, 'old');
  if (!(await isFolder(old))) return;
  if (!(await stands(folder))) return rename(old, folder);
  await layOff(stage, folder, (await holdsFresh(stage)) ? null : await readLeftOut(stage));
}

async function holdsFresh(stage: string): Promise<boolean> {
  return (await readdir(stage)).some((name) => name.startsWith(freshName));
}

/** Deletes a stage; folders of ours in it that forbid that are opened first. */
async function discard(stage: string): Promise<void> {
  const away = () => rm(stage, { recursive: true, force: true });
  await away().catch(async () => {
    for (const name of (await treeOf(stage))?.folders.keys() ?? []) {
      await chmod(path.join(stage, name), 0o700);
    }
    await away();
  });
}
