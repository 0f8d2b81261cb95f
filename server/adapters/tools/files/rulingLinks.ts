import { readdir, readlink, realpath } from 'node:fs/promises';
import path from 'node:path';
import { isGuarded, looksSecret } from '../../../core/policy/protections.ts';
import { type Ground, isWithin, rulingName, type Spot } from './places.ts';

/** A link whose name rules an agent or looks secret. */
export interface RulingLink {
  /** Absolute. */
  readonly link: string;
  /** Every place on its way, from its first step to where it ends, also where nothing stands there yet. */
  readonly places: readonly string[];
}

/** Folders of installed packages: whatever lies there came from outside, and is full of package files. */
export const installed: ReadonlySet<string> = new Set(['node_modules', '.venv', 'venv', 'site-packages']);

/** How many folders are looked through, what lies higher first; for what is changed 0.1 s at most. */
const depths = { read: 1, change: 2000 };
/** Folders that are read at a time. */
const atOnce = 64;

/**
 * A spot with the ruling names by which links of the workspace lead to it, and to what lies below it. For what is only
 * read the workspace's own folder is looked through, for what is changed all that hold no installed packages.
 */
export async function underAllNames(
  spot: Spot,
  ground: Ground,
  depth: keyof typeof depths = 'change',
): Promise<Spot> {
  const links = await linksOf(ground, depth);
  const ways = links.flatMap(({ link, places }) => places.map((place) => ({ link, place })));
  const leading = ways.filter(({ place }) => isWithin(spot.path, place));
  const named = leading.map(({ link, place }) => path.join(link, path.relative(place, spot.path)));
  const below = ways.flatMap(({ link, place }) => (isWithin(place, spot.path) ? [link] : []));
  const ruling = (names: readonly string[]) =>
    names.map((name) => rulingName(name, spot.path, ground)).find((name) => name !== null);
  const [name, holds] = [spot.named ?? ruling(named), ruling(below)];
  return {
    ...spot,
    ...(name === undefined ? {} : { named: name }),
    ...(holds === undefined ? {} : { holds }),
  };
}

/** The ruling links that stand in a workspace, looked for once for all paths of a plan. */
function linksOf(ground: Ground, depth: keyof typeof depths): Promise<readonly RulingLink[]> {
  const { workspace } = ground;
  if (depth === 'read') return findRulingLinks(workspace, depths.read);
  const known = linksOnGround.get(ground) ?? findRulingLinks(workspace, depths.change);
  linksOnGround.set(ground, known);
  return known;
}

const linksOnGround = new WeakMap<Ground, Promise<readonly RulingLink[]>>();

async function findRulingLinks(workspace: string, mostFolders: number): Promise<readonly RulingLink[]> {
  const found: string[] = [];
  const open = [workspace];
  for (let at = 0; at < Math.min(open.length, mostFolders); ) {
    const folders = open.slice(at, at + atOnce);
    at += folders.length;
    const all = folders.map((folder) => readdir(folder, { withFileTypes: true }).catch(() => []));
    for (const entry of (await Promise.all(all)).flat()) {
      const file = path.join(entry.parentPath, entry.name);
      if (entry.isDirectory() && isOpened(file)) open.push(file);
      else if (entry.isSymbolicLink() && isRuling(path.relative(workspace, file))) found.push(file);
    }
  }
  return await Promise.all(found.map(async (link) => ({ link, places: await wayOf(link) })));
}

/** Of a repository's own folder, only what git runs or reads as settings. */
function isOpened(folder: string): boolean {
  const isGits = path.basename(path.dirname(folder)) === '.git';
  return isGits ? /^(hooks|info)$/.test(path.basename(folder)) : !installed.has(path.basename(folder));
}

function isRuling(name: string): boolean {
  return isGuarded(name) || looksSecret(name);
}

/** Each step by its name as written and by that in its real folder, for both can be put elsewhere. */
async function wayOf(link: string): Promise<string[]> {
  const places: string[] = [];
  for (let at = link; places.length < longestWay; ) {
    const to = await readlink(at).catch(() => null);
    if (to === null) break;
    const written = path.resolve(path.dirname(at), to);
    const folder = await realpath(path.dirname(written)).catch(() => path.dirname(written));
    at = path.join(folder, path.basename(written));
    places.push(written, at);
  }
  return [...new Set(places)];
}

/** Twice the links that Linux follows at most. */
const longestWay = 80;
