import { readdir, readlink, realpath } from 'node:fs/promises';
import path from 'node:path';
import { isGuarded, looksSecret } from '../../../core/policy/protections.ts';

/** A link whose name rules an agent or looks secret. */
export interface RulingLink {
  /** Absolute. */
  readonly link: string;
  /** Every place on its way, from its first step to where it ends, also where nothing stands there yet. */
  readonly places: readonly string[];
}

/** Folders of installed packages: whatever lies there came from outside, and is full of package files. */
export const installed: ReadonlySet<string> = new Set(['node_modules', '.venv', 'venv', 'site-packages']);

/** How many folders are looked through, what lies higher first: 0.1 s at most; a usual project has a few hundred. */
const mostFolders = 2000;
/** Folders that are read at a time. */
const atOnce = 64;

/** The ruling links of a workspace, in every folder that is no installed package. */
export async function findRulingLinks(workspace: string): Promise<readonly RulingLink[]> {
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
