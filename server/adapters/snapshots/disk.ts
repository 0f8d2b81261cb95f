import { lstatSync, type Stats } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { fromBytes, shownName } from '../tools/files/bytePath.ts';

/** How much of a workspace is kept; beyond any of these none of it is, and its commands cannot be taken back. */
export const limits = { files: 50_000, bytes: 1024 ** 3, largest: 100 * 1024 ** 2 } as const;

/** What stands under names below a folder, without following links. Names that are nothing any more stay out. */
export async function lookAtAll(folder: string, names: Iterable<string>): Promise<Map<string, Stats>> {
  const found = new Map<string, Stats>();
  let count = 0;
  for (const name of names) {
    const at = lookAt(folder, name);
    if (at) found.set(name, at);
    count += 1;
    if (count % 1000 === 0) await setImmediate();
  }
  return found;
}

/** What stands under a name below a folder, or nothing. */
export function lookAt(folder: string, name: string): Stats | undefined {
  try {
    return lstatSync(fromBytes(folder, name), { throwIfNoEntry: false });
  } catch (error) {
    if (['ENOTDIR', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** The same, but nothing where a folder above is a link: what stands behind it has another name. */
export function lookBehindNoLink(folder: string, name: string): Stats | undefined {
  const isBehind = [...foldersAbove([name])].some((above) => lookAt(folder, above)?.isSymbolicLink());
  return isBehind ? undefined : lookAt(folder, name);
}

/** Counts what is kept over all roots of a workspace. */
export class Measure {
  private files = 0;
  private bytes = 0;

  /** Adds files; fails once it is too much, naming why. */
  add(found: ReadonlyMap<string, Stats>): Outcome<void> {
    for (const [name, { size }] of found) {
      this.files += 1;
      this.bytes += size;
      if (size > limits.largest) return bad(tooMuch(`${shownName(name)} is too large`));
    }
    if (this.files > limits.files) return bad(tooMuch(`there are more than ${limits.files} files`));
    if (this.bytes > limits.bytes) return bad(tooMuch('its files are more than 1 GB together'));
    return good(undefined);
  }
}

/** The folders above names, each once. */
export function foldersAbove(names: Iterable<string>): Set<string> {
  const found = new Set<string>();
  for (const name of names) {
    for (let at = name.lastIndexOf('/'); at > 0; at = name.lastIndexOf('/', at - 1)) {
      const folder = name.slice(0, at);
      if (found.has(folder)) break;
      found.add(folder);
    }
  }
  return found;
}

/** A folder with all folders in it, but for those that are left out and those of git. */
export async function foldersIn(root: string, name: string, leftOut: ReadonlySet<string>): Promise<string[]> {
  const found = [name];
  for (const at of found) {
    if (found.length > limits.files) return found;
    const path = fromBytes(root, at);
    for (const one of await readdir(path, { withFileTypes: true, encoding: 'buffer' }).catch(() => [])) {
      const below = `${at}/${one.name.toString('latin1')}`;
      if (one.isDirectory() && !below.endsWith('/.git') && !leftOut.has(`${below}/`)) found.push(below);
    }
  }
  return found;
}

function tooMuch(why: string) {
  const what = `Commands here cannot be taken back: ${why}.`;
  return failures.tool(what, 'Name in .gitignore what need not be kept, such as what a build makes.');
}
