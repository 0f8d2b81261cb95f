import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { bad, failures, type Outcome } from '../../protocol/failure.ts';
import { markerName, readMarker } from './marker.ts';
import { carry, isFolder, leavesOf } from './tree.ts';

/** The hidden folder beside a published one in which the next version is made; while it stands, it is the lock. */
export interface Stage {
  /** Where the new version is made. */
  readonly fresh: string;
  /** Puts the new version in the place of the old one by renaming. */
  commit(): Promise<void>;
  /** Takes the published folder away. */
  remove(): Promise<void>;
}

const Owner = z.strictObject({ host: z.string(), pid: z.int(), token: z.string() });

/** Tells this process apart from an earlier one that had the same number. */
const self = { host: hostname(), pid: process.pid, token: randomUUID() };

/** Works on a stage for `name` in `parent`; `conflict` while another process does. The stage is gone afterwards. */
export async function withStage<T>(
  parent: string,
  name: string,
  work: (stage: Stage) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  await recoverLeftovers(parent, name);
  const at = path.join(parent, stageName(name));
  if (!(await claim(at))) {
    return bad(
      failures.conflict(`Something else publishes to ${name} at this moment.`, 'Try again when it is done.'),
    );
  }
  const folder = path.join(parent, name);
  const fresh = path.join(at, 'new');
  const old = path.join(at, 'old');
  try {
    await mkdir(fresh);
    return await work({
      fresh,
      commit: async () => {
        if (await isFolder(folder)) await rename(folder, old);
        try {
          await rename(fresh, folder);
        } catch (error) {
          if (await isFolder(old)) await rename(old, folder);
          throw error;
        }
        await rescue(old, folder);
      },
      remove: async () => rename(folder, old),
    });
  } finally {
    await rm(at, { recursive: true, force: true });
  }
}

/**
 * Cleans what processes that died in the middle left beside a published folder: where the folder is missing,
 * its old version is put back; what the new version did not know of is carried over.
 */
export async function recoverLeftovers(parent: string, name: string): Promise<void> {
  for (const leftover of await deadStages(parent, name)) {
    const mine = path.join(parent, `${stageName(name)}-${randomUUID()}`);
    const taken = await rename(leftover, mine).then(
      () => true,
      () => false,
    );
    if (!taken) continue;
    if (await isAlive(mine)) {
      await rename(mine, leftover);
      continue;
    }
    const old = path.join(mine, 'old');
    const folder = path.join(parent, name);
    if (await isFolder(old)) {
      if (await stands(folder)) await rescue(old, folder);
      else await rename(old, folder);
    }
    await rm(mine, { recursive: true, force: true });
  }
}

/** Where the published folder's present version lies: in its place, or in what a dead process left of it. */
export async function standingAt(parent: string, name: string): Promise<string> {
  const folder = path.join(parent, name);
  if (await stands(folder)) return folder;
  for (const leftover of await deadStages(parent, name)) {
    if (await isFolder(path.join(leftover, 'old'))) return path.join(leftover, 'old');
  }
  return folder;
}

function stageName(name: string): string {
  return `.${name}.butler-publish`;
}

/** The stage appears with its owner in it, by one rename; where a stage is, that rename fails. */
async function claim(at: string): Promise<boolean> {
  const candidate = `${at}-${randomUUID()}`;
  await mkdir(candidate);
  await writeFile(path.join(candidate, 'owner.json'), JSON.stringify(self));
  return rename(candidate, at).then(
    () => true,
    async () => {
      await rm(candidate, { recursive: true, force: true });
      return false;
    },
  );
}

async function deadStages(parent: string, name: string): Promise<string[]> {
  const names = await readdir(parent).catch(() => []);
  const stages = names.filter((one) => one === stageName(name) || one.startsWith(`${stageName(name)}-`));
  const dead = await Promise.all(stages.map(async (one) => !(await isAlive(path.join(parent, one)))));
  return stages.filter((_, index) => dead[index]).map((one) => path.join(parent, one));
}

/** A stage that is being made has no owner yet and holds nothing; it counts as alive for its first moments. */
async function isAlive(stage: string): Promise<boolean> {
  const text = await readFile(path.join(stage, 'owner.json'), 'utf8').catch(() => null);
  const owner = Owner.safeParse(parsed(text));
  if (!owner.success)
    return (await readdir(stage).catch(() => ['gone'])).length === 0 && (await isYoung(stage));
  if (owner.data.host !== self.host) return true;
  if (owner.data.pid === self.pid) return owner.data.token === self.token;
  try {
    return process.kill(owner.data.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function isYoung(stage: string): Promise<boolean> {
  const stat = await lstat(stage).catch(() => null);
  return stat !== null && Date.now() - stat.mtimeMs < 10_000;
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** Carries over what came into the old version after the new one was made, and was not ours. */
async function rescue(old: string, folder: string): Promise<void> {
  const leaves = await leavesOf(old);
  if (!leaves) return;
  const ours = (await readMarker(old))?.files ?? {};
  for (const leaf of leaves.values()) {
    const known =
      Object.hasOwn(ours, leaf.path) ||
      leaf.path === markerName ||
      (await stands(path.join(folder, leaf.path)));
    if (!known) await carry(old, folder, leaf).catch(() => {});
  }
}

async function stands(at: string): Promise<boolean> {
  return (await lstat(at).catch(() => null)) !== null;
}
