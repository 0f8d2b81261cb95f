import { hash } from 'node:crypto';
import { lstat, mkdir, readdir, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { isWithin } from '../tools/files/places.ts';
import { findProgram } from '../tools/reports/program.ts';
import type { PrivateGit } from './privateGit.ts';

/** The private repository of a workspace, made where there is none; fails for folders that are not kept. */
export async function repositoryOf(home: string, workspace: string): Promise<Outcome<PrivateGit>> {
  const fault = await unfit(home, workspace);
  if (fault) return bad(failures.tool(`Commands in ${workspace} cannot be taken back: ${fault}.`, mend));
  const program = await findProgram('git', workspace);
  if (!program) {
    const what = 'Commands cannot be taken back, because git was not found.';
    return bad(failures.tool(what, 'Install git and start the editor again.'));
  }
  const folder = path.join(snapshotsFolder(home), hash('sha256', workspace).slice(0, 32));
  if (!(await stat(path.join(folder, 'info/attributes')).catch(() => null))) await found(folder);
  return good({ program, folder });
}

/** The folder of all private repositories. */
export function snapshotsFolder(home: string): string {
  return path.join(home, 'snapshots');
}

/** Where a repository keeps what an execution left, so that nothing of it is deleted. */
export function refsOf(folder: string, execution: string): string {
  return path.join(folder, 'refs/undo', hash('sha256', execution).slice(0, 32));
}

/** Keeps trees under a name of their own. */
export async function keepTrees(folder: string, name: string, trees: readonly string[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [index, tree] of trees.entries())
    await writeFile(path.join(folder, `${name}${index}`), `${tree}\n`);
}

/** The folder from whose top ignore files count for a folder: that of the repository which it lies in. */
export async function topOf(folder: string): Promise<string> {
  for (let at = folder; ; at = path.dirname(at)) {
    if (await lstat(path.join(at, '.git')).catch(() => null)) return at;
    if (path.dirname(at) === at) return folder;
  }
}

/** Bytes that a folder takes, with all that lies in it. */
export async function sizeOf(folder: string): Promise<number> {
  let total = 0;
  for (const one of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const at = path.join(folder, one.name);
    if (one.isDirectory()) total += await sizeOf(at);
    else total += (await lstat(at).catch(() => null))?.size ?? 0;
  }
  return total;
}

/** Takes away what a repository needs no more for what is kept: indexes, which are made anew. */
export async function dropIndexes(folder: string): Promise<void> {
  await rm(path.join(folder, 'indexes'), { recursive: true, force: true });
}

const mend = 'Open a folder of its own; until then every command is asked for.';

async function unfit(home: string, workspace: string): Promise<string | null> {
  if (path.dirname(workspace) === workspace) return 'it is the root of a file system';
  const person = await realpath(homedir()).catch(() => homedir());
  if (isWithin(person, workspace)) return 'it is your home folder or one above it';
  const own = await realpath(home).catch(() => home);
  if (isWithin(own, workspace)) return "the butler's own folder lies in it";
  if (isWithin(workspace, own)) return "it lies in the butler's own folder";
  return null;
}

/** Its attributes outrank those of every folder: no filter is run, and no byte is changed. */
async function found(folder: string): Promise<void> {
  for (const name of ['objects', 'refs', 'info', 'indexes']) {
    await mkdir(path.join(folder, name), { recursive: true, mode: 0o700 });
  }
  await writeFile(path.join(folder, 'HEAD'), 'ref: refs/heads/none\n');
  await writeFile(
    path.join(folder, 'config'),
    '[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tlogallrefupdates = false\n',
  );
  await writeFile(
    path.join(folder, 'info/attributes'),
    '* -text -crlf -eol -filter -ident -working-tree-encoding -diff -merge\n',
  );
}
