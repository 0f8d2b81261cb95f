import { hash, randomUUID } from 'node:crypto';
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
type Owner = z.infer<typeof Owner>;

/** Tells this process apart from an earlier one that had the same number. */
const self = { host: hash('sha256', hostname()).slice(0, 12), pid: process.pid, token: randomUUID() };

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
  const gone = path.join(at, 'gone');
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
        if (await isFolder(old)) await rename(old, gone);
      },
      remove: async () => rename(folder, gone),
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
    const mine = `${path.join(parent, stageName(name))}-${ownSuffix()}`;
    const taken = await rename(leftover, mine).then(
      () => true,
      () => false,
    );
    if (!taken) continue;
    const owner = await ownerWritten(mine);
    if (owner && isRunning(owner)) {
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

/** Where the published folder's present version lies: in its place, or in a stage between two renames. */
export async function standingAt(parent: string, name: string): Promise<string> {
  const folder = path.join(parent, name);
  if (await stands(folder)) return folder;
  for (const stage of await stages(parent, name)) {
    if (await isFolder(path.join(stage, 'old'))) return path.join(stage, 'old');
  }
  return folder;
}

function stageName(name: string): string {
  return `.${name}.butler-publish`;
}

/** The stage appears with its owner in it, by one rename; where a stage is, that rename fails. */
async function claim(at: string): Promise<boolean> {
  const candidate = `${at}-${ownSuffix()}`;
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
  const all = await stages(parent, name);
  const alive = await Promise.all(all.map(isAlive));
  return all.filter((_, index) => !alive[index]);
}

async function stages(parent: string, name: string): Promise<string[]> {
  const names = await readdir(parent).catch(() => []);
  const stage = stageName(name);
  return names
    .filter((one) => one === stage || one.startsWith(`${stage}-`))
    .map((one) => path.join(parent, one));
}

/** The owner stands in the name while a stage is made or recovered, else in the stage; one without was left behind. */
async function isAlive(stage: string): Promise<boolean> {
  const owner = ownerInName(stage) ?? (await ownerWritten(stage));
  return owner !== null && isRunning(owner);
}

function isRunning(owner: Owner): boolean {
  if (owner.host !== self.host) return true;
  if (owner.pid === self.pid) return owner.token === self.token;
  try {
    return process.kill(owner.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function ownerWritten(stage: string): Promise<Owner | null> {
  const text = await readFile(path.join(stage, 'owner.json'), 'utf8').catch(() => null);
  return Owner.safeParse(parsed(text)).data ?? null;
}

function ownSuffix(): string {
  return `${self.host}.${self.pid}.${self.token}.${randomUUID()}`;
}

function ownerInName(stage: string): Owner | null {
  const [, host, pid, token] = /butler-publish-([^.]+)\.(\d+)\.([^.]+)\.[^.]+$/.exec(stage) ?? [];
  return host && pid && token ? { host, pid: Number(pid), token } : null;
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
