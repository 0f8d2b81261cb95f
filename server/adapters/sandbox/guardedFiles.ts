import { lstat, readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { isGuarded, looksSecret } from '../../core/policy/protections.ts';
import { isWithin } from '../tools/files/places.ts';
import { installed } from '../tools/files/rulingLinks.ts';
import type { Standing } from './bubblewrap.ts';

/** What of a workspace a command must not change, or not even read; absolute paths. */
export interface GuardedFiles {
  /** Files, folders and links, as they lie there. */
  readonly guarded: readonly string[];
  /** Files and folders that look like they hold secrets; some are guarded too. */
  readonly secret: readonly string[];
}

/** How much is looked through at most. */
export interface Depth {
  readonly entries: number;
  readonly guarded: number;
}

/** Before a command: a larger workspace cannot be held, nor one with more mounts than bubblewrap takes. */
const before: Depth = { entries: 200_000, guarded: 1500 };
/** After it, whatever it made. */
export const after: Depth = { entries: 5_000_000, guarded: 1_000_000 };

/** Names whose judgement is remembered. */
const mostNames = 200_000;

/**
 * Looks through a workspace for the files of SECURITY S1 and for secrets, what lies higher first. Links are not
 * followed. `null` where it is too large, or holds too many of them, to be held.
 */
export async function findGuarded(workspace: string, signal?: AbortSignal): Promise<GuardedFiles | null> {
  const found = await lookThrough(workspace, before, signal);
  return found.whole ? found : null;
}

/** The same as far as it goes; `whole` says whether that is all. */
export async function lookThrough(
  workspace: string,
  depth: Depth,
  signal?: AbortSignal,
): Promise<GuardedFiles & { readonly whole: boolean }> {
  const guarded: string[] = [];
  const secret: string[] = [];
  const known = new Map<string, { guarded: boolean; secret: boolean }>();
  let entries = 0;
  const judge = (above: string, name: string) => {
    const key = above === 'memory' ? `memory/${name}` : name;
    const found = known.get(key) ?? { guarded: isGuarded(key), secret: looksSecret(key) };
    if (known.size < mostNames) known.set(key, found);
    return found;
  };
  const open = [workspace];
  for (const folder of open) {
    signal?.throwIfAborted();
    const found = await readdir(folder, { withFileTypes: true }).catch(() => []);
    entries += found.length;
    const above = path.basename(folder).toLowerCase();
    for (const entry of found) {
      const file = path.join(folder, entry.name);
      const is = judge(above, entry.name);
      if (is.guarded) guarded.push(file);
      if (is.secret) secret.push(file);
      const goesOn = entry.isDirectory() && !is.guarded && !is.secret && !installed.has(entry.name);
      if (goesOn) open.push(file);
    }
    if (entries > depth.entries || guarded.length + secret.length > depth.guarded) {
      return { guarded, secret, whole: false };
    }
  }
  return { guarded, secret, whole: true };
}

/** The guarded ones as they can be mounted: links give way to what they lead to inside the workspace. */
export async function mountable(workspace: string, files: readonly string[]): Promise<Standing[]> {
  const found = await Promise.all(
    files.map(async (file) => {
      const real = await realpath(file).catch(() => null);
      const inside = real !== null && real !== workspace && isWithin(real, workspace);
      const stat = inside ? await lstat(real).catch(() => null) : null;
      const lasting = stat?.isDirectory() || stat?.isFile();
      return real && stat && lasting ? [{ path: real, isFolder: stat.isDirectory() }] : [];
    }),
  );
  const all = new Map(found.flat().map((one) => [one.path, one]));
  return [...all.values()].filter(({ path: file }) => !hasAbove(all, file));
}

function hasAbove(all: ReadonlyMap<string, unknown>, file: string): boolean {
  for (let at = path.dirname(file); at !== path.dirname(at); at = path.dirname(at)) {
    if (all.has(at)) return true;
  }
  return false;
}

/** Without those that are named, or lie below one that is: a person allowed them for this command. */
export function without(files: readonly string[], named: readonly string[]): string[] {
  return named.length === 0 ? [...files] : files.filter((file) => !named.some((one) => isWithin(file, one)));
}

/** What is allowed inside of a guarded folder and is there already, to be mounted writable over it. */
export async function writable(guarded: readonly string[], allowed: readonly string[]): Promise<string[]> {
  const inside = allowed.filter((one) => guarded.some((folder) => folder !== one && isWithin(one, folder)));
  const found = await Promise.all(
    inside.map(async (file) => ((await lstat(file).catch(() => null)) ? file : null)),
  );
  return found.filter((file) => file !== null);
}
