import type { Dirent, Stats } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import path from 'node:path';
import { byteName } from '../tools/files/bytePath.ts';
import { isWithin } from '../tools/files/places.ts';
import { limits } from './disk.ts';
import { askPrivately, namesIn, type PrivateGit } from './privateGit.ts';
import { topOf } from './repository.ts';

/** Where a picture would be taken. */
export interface MissedIn {
  readonly git: PrivateGit;
  readonly workspace: string;
  readonly signal: AbortSignal;
}

/**
 * Those of some absolute real paths at which something stands that a picture leaves out: what ignore files name, or
 * a repository of its own with all that its `.git` keeps, and pipes, sockets and devices, also in a folder. Where it cannot be told, all of them.
 */
export async function missedOf(place: MissedIn, files: readonly string[]): Promise<readonly string[]> {
  const standing = await Promise.all(files.map(async (file) => ({ file, at: await rootOf(place, file) })));
  const found = standing.flatMap(({ file, at }) => (at === null ? [] : [{ file, at }]));
  const roots = Map.groupBy(found, ({ at }) => at);
  const missed = [...roots].map(([root, some]) =>
    missedIn(place, root, [...new Set(some.map(({ file }) => file))]),
  );
  const leftOut = new Set((await Promise.all(missed)).flat());
  for (const file of files) if (!leftOut.has(file) && (await holdsSpecial(file))) leftOut.add(file);
  return [...leftOut];
}

async function missedIn({ git, signal }: MissedIn, root: string, files: string[]): Promise<string[]> {
  const names = files.map((file) => path.relative(root, file).split(path.sep).join('/'));
  const question = { cwd: root, top: await topOf(root), index: path.join(git.folder, noIndex), signal };
  const list = async (options: readonly string[]) => {
    const args = ['--literal-pathspecs', 'ls-files', '-z', '-o', '--exclude-standard', ...options];
    return await askPrivately(git, { ...question, args: [...args, '--', ...names] });
  };
  const [ignored, others] = await Promise.all([list(['-i', '--directory']), list([])]);
  if (!ignored.ok || !others.ok) return files;
  const nested = namesIn(others.value).filter((name) => name.endsWith('/'));
  const leftOut = [...namesIn(ignored.value), ...nested].map((name) => name.replace(/\/$/, ''));
  return files.filter((_, at) => {
    const name = byteName(names[at] ?? '');
    return leftOut.some((one) => isBelow(one, name) || isBelow(name, one));
  });
}

/** The repository that a path lies in, or the workspace; `null` where nothing stands at the path. */
async function rootOf({ workspace }: MissedIn, file: string): Promise<string | null> {
  if (!(await lstat(file).catch(() => null))) return null;
  const top = await topOf(path.dirname(file));
  return isWithin(top, workspace) ? top : workspace;
}

/** Whether a pipe, a socket or a device stands there or below, which no picture keeps; also where too much does to tell. */
async function holdsSpecial(file: string): Promise<boolean> {
  const found = await lstat(file).catch(() => null);
  if (!found?.isDirectory()) return found !== null && isSpecial(found);
  let count = 0;
  try {
    for await (const one of await opendir(file, { recursive: true })) {
      count += 1;
      if (isSpecial(one) || count > limits.files) return true;
    }
  } catch {
    return true;
  }
  return false;
}

function isSpecial(one: Stats | Dirent): boolean {
  return !one.isFile() && !one.isDirectory() && !one.isSymbolicLink();
}

function isBelow(name: string, folder: string): boolean {
  return name === folder || name.startsWith(`${folder}/`);
}

/** Under an index that does not exist, nothing is known before. */
const noIndex = 'indexes/none';
