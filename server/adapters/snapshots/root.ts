import { hash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { copyFile, mkdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { fromBytes, shownName } from '../tools/files/bytePath.ts';
import { foldersAbove, lookAtAll, type Measure } from './disk.ts';
import { askPrivately, namesIn, type PrivateGit, type Question } from './privateGit.ts';
import { topOf } from './repository.ts';

/** A folder that is kept as a tree of its own: the workspace, or a repository nested in it. */
export interface Root {
  readonly git: PrivateGit;
  readonly workspace: string;
  /** Its name below the workspace with a `/` at its end; empty for the workspace itself. */
  readonly name: string;
  readonly signal: AbortSignal;
}

/** What is kept of a root. Names are relative to it, each of their bytes as one character. */
export interface Listing {
  readonly found: ReadonlyMap<string, Stats>;
  /** Repositories in it, with a `/` at the end. */
  readonly nested: readonly string[];
  /** What ignore files keep out: files, and with a `/` at the end whole folders. */
  readonly ignored: readonly string[];
  /** What the index does not know as it is, or that is gone. */
  readonly stale: readonly string[];
  /** What the index knows as a file or link, and that is something else now. */
  readonly odd: readonly string[];
}

/** How git is asked about a root, under an index that is nobody else's. */
export interface Desk {
  ask(args: readonly string[], names?: readonly string[]): Promise<Outcome<string>>;
  readonly folder: string;
  /** The root below the folder whose ignore files count, with a `/` at its end; empty where it is that. */
  readonly prefix: string;
}

/** Works on a root under a copy of its index, which takes the index's place when that went well. */
export async function atDesk<T>(
  { git, workspace, name, signal }: Root,
  work: (desk: Desk) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const folder = fromBytes(workspace, name.slice(0, -1));
  if (typeof folder !== 'string') {
    return bad(failures.tool(`${shownName(name)} cannot be kept.`, 'Give that folder a plain name.'));
  }
  const top = name === '' ? await topOf(folder) : folder;
  const index = path.join(git.folder, 'indexes', hash('sha256', folder).slice(0, 32));
  const own = `${index}.${process.pid}`;
  try {
    await mkdir(path.dirname(own), { recursive: true, mode: 0o700 });
    await forget(own);
    await copyIndex(index, own);
    const question: Omit<Question, 'args'> = { cwd: folder, top, index: own, signal };
    const prefix = path.relative(top, folder).split(path.sep).join('/');
    const outcome = await work({
      ask: (args, names = []) => askPrivately(git, { ...question, args, names }),
      folder,
      prefix: prefix && `${prefix}/`,
    });
    if (outcome.ok) await rename(own, index).catch(ignoreMissing);
    return outcome;
  } finally {
    await forget(own);
  }
}

/** Lists what is kept of a root, and measures it. */
export async function listRoot(desk: Desk, measure: Measure): Promise<Outcome<Listing>> {
  const [tagged, kept] = await Promise.all([
    desk.ask(['ls-files', '-z', '-t', '-c', '-o', '-m', '-d', '--exclude-standard']),
    desk.ask(['ls-files', '-z', '-o', '-i', '--directory', '--exclude-standard']),
  ]);
  if (!tagged.ok) return tagged;
  if (!kept.ok) return kept;
  const known = new Set<string>();
  const stale = new Set<string>();
  const nested: string[] = [];
  for (const one of namesIn(tagged.value)) {
    const [tag, name] = [one[0], one.slice(2)];
    if (name.endsWith('/')) nested.push(name);
    else if (tag === 'H') known.add(name);
    else stale.add(name);
  }
  const all = new Set([...known, ...stale]);
  const seen = await lookAtAll(desk.folder, all);
  const isReal = await realIn(desk.folder, all);
  const isKept = (stats: Stats) => stats.isFile() || stats.isSymbolicLink();
  const found = new Map([...seen].filter(([name, stats]) => isKept(stats) && isReal(name)));
  const measured = measure.add(found);
  if (!measured.ok) return measured;
  const isOdd = (name: string) => !found.has(name) && (seen.has(name) || !isReal(name));
  return good({
    found,
    nested,
    ignored: innermost(namesIn(kept.value)),
    stale: [...stale].filter((name) => found.has(name) || (known.has(name) && !isOdd(name))),
    odd: [...known].filter(isOdd),
  });
}

/** Tells which names are what they say: no folder above them is a link, behind which lies something else's file. */
async function realIn(folder: string, names: Iterable<string>): Promise<(name: string) => boolean> {
  const above = await lookAtAll(folder, foldersAbove(names));
  const links = new Set([...above].flatMap(([name, stats]) => (stats.isSymbolicLink() ? [name] : [])));
  return (name) => links.size === 0 || ![...foldersAbove([name])].some((one) => links.has(one));
}

/** Brings the index up to what was listed, and answers its tree and the folders that hold nothing of it. */
export async function keepRoot(
  desk: Desk,
  { found, nested, stale, odd }: Listing,
): Promise<Outcome<{ tree: string; bare: string[] }>> {
  if (odd.length > 0) {
    const dropped = await desk.ask(['update-index', '--force-remove', '-z', '--stdin'], odd);
    if (!dropped.ok) return dropped;
  }
  if (stale.length > 0) {
    const added = await desk.ask(['update-index', '--add', '--replace', '--remove', '-z', '--stdin'], stale);
    if (!added.ok) return added;
  }
  const [tree, others] = await Promise.all([
    found.size === 0
      ? good(emptyTree)
      : desk.ask(['write-tree', ...(desk.prefix ? [`--prefix=${desk.prefix}`] : [])]),
    desk.ask(['ls-files', '-z', '-o', '--directory', '--exclude-standard']),
  ]);
  if (!tree.ok) return tree;
  if (!others.ok) return others;
  const bare = namesIn(others.value).filter((name) => name.endsWith('/') && !nested.includes(name));
  return good({ tree: tree.value.trim(), bare: bare.map((name) => name.slice(0, -1)) });
}

/** The tree that holds nothing, which every repository knows. */
export const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

async function forget(index: string): Promise<void> {
  await rm(index, { force: true });
  await rm(`${index}.lock`, { force: true });
}

/** Git tells by the index's own time which files to read again, so the copy is not younger. */
async function copyIndex(from: string, to: string): Promise<void> {
  const stats = await stat(from).catch(() => null);
  if (!stats) return;
  await copyFile(from, to);
  const then = (stats.mtimeMs - 1) / 1000;
  await utimes(to, then, then);
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

/** Git names a folder of which everything is ignored and then each of it; here only what lies innermost counts. */
function innermost(names: readonly string[]): string[] {
  const above = new Set<string>();
  for (const name of names) {
    const bare = name.endsWith('/') ? name.slice(0, -1) : name;
    for (let at = bare.lastIndexOf('/'); at > 0; at = bare.lastIndexOf('/', at - 1)) {
      above.add(bare.slice(0, at + 1));
    }
  }
  return names.filter((name) => !above.has(name));
}
