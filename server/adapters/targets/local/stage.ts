import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { bad, failures, type Outcome } from '../../../protocol/failure.ts';
import { TargetFault } from '../targetFault.ts';
import { readLeftOut, writeLeftOut } from './leftOut.ts';
import { end, freshName, layOff, pushAside, stageIn, stagesIn, standingAt } from './leftovers.ts';
import { isAtWork, isOwn, own, ownSuffix, signsOfLife } from './owner.ts';
import { isFolder, type Leaf } from './tree.ts';

/** The hidden folder beside a published one in which the next version is made; while it stands, it is the lock. */
export interface Stage {
  /** The published folder. */
  readonly folder: string;
  /** Where the new version is made. */
  readonly fresh: string;
  /** Puts the new version in the place of the old one by renaming; `leftOut` is what it leaves out of that, as it was seen. */
  commit(leftOut: readonly Leaf[]): Promise<void>;
  /** Takes the published folder away; what others brought into it meanwhile stays. */
  remove(leftOut: readonly Leaf[]): Promise<void>;
}

/** Works on a stage for `name` in `parent`; `conflict` while another process does. The stage is gone afterwards. */
export async function withStage<T>(
  parent: string,
  name: string,
  work: (stage: Stage) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const folder = path.join(parent, name);
  const outcome = await locked(parent, name, async (at) => {
    const standing = await standingAt(parent, name);
    return standing === folder ? work(await stageAt(at, folder)) : bad(notPutBack(name, standing));
  });
  return outcome ?? bad(atWork(name));
}

/**
 * Ends what processes that died in the middle left beside a published folder: where the folder is missing, its old
 * version is put back; what the new version did not know of is carried over.
 */
export async function recoverLeftovers(parent: string, name: string): Promise<void> {
  if ((await stagesIn(parent, name)).length > 0) await locked(parent, name, async () => {});
}

/** Does work while nobody else works on the folder, after what was left there is ended; `null` where somebody does. */
async function locked<T>(parent: string, name: string, work: (at: string) => Promise<T>): Promise<T | null> {
  const at = stageIn(parent, name);
  await pushAside(at);
  if (!(await claim(at))) return null;
  using _alive = signsOfLife(at);
  try {
    for (const stage of await stagesIn(parent, name)) {
      if (stage !== at && !(await isAtWork(stage))) await end(stage, parent, name);
    }
    return await work(at);
  } finally {
    if (await isOwn(at)) await end(at, parent, name);
  }
}

async function stageAt(at: string, folder: string): Promise<Stage> {
  // A name of its own, so that one who lost the stage while its machine slept brings nothing into another's version.
  const fresh = path.join(at, `${freshName}-${randomUUID()}`);
  const old = path.join(at, 'old');
  await mkdir(fresh);
  const putAside = async (leftOut: readonly Leaf[]) => {
    if (!(await isOwn(at))) throw new TargetFault(atWork(path.basename(folder)));
    await writeLeftOut(at, leftOut);
    if (await isFolder(folder)) await rename(folder, old);
  };
  return {
    folder,
    fresh,
    commit: async (leftOut) => {
      await putAside(leftOut);
      await rename(fresh, folder);
    },
    remove: async (leftOut) => {
      await putAside(leftOut);
      await layOff(at, folder, await readLeftOut(at));
    },
  };
}

/** The stage appears with its owner in it, by one rename; where a stage is, that rename fails. */
async function claim(at: string): Promise<boolean> {
  const candidate = `${at}-${ownSuffix()}`;
  await mkdir(candidate);
  try {
    await own(candidate);
    await rename(candidate, at);
    return true;
  } catch (error) {
    await rm(candidate, { recursive: true, force: true });
    if (/^(ENOTEMPTY|EEXIST|EPERM)$/.test((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

function atWork(name: string) {
  return failures.conflict(
    `Something else publishes to ${name} at this moment, in ".${name}.butler-publish" beside it.`,
    'Try again when it is done; what died on another machine holds nobody off after ten minutes.',
  );
}

function notPutBack(name: string, standing: string) {
  const stage = path.basename(path.dirname(standing));
  return failures.conflict(
    `What stood in ${name} lies in "${stage}/old" beside it, and cannot be put back.`,
    `Look what forbids that, or rename that folder to ${name}.`,
  );
}
