import { randomUUID } from 'node:crypto';
import { link, lstat, mkdir, open, realpath, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Blobs } from '../../core/ports/store.ts';
import type { DeliverableFile } from '../../protocol/deliverable.ts';
import { bad, type Failure, failures, good, type Outcome } from '../../protocol/failure.ts';
import { anchor, makeFolders } from '../tools/files/anchor.ts';
import { removeFile } from '../tools/files/atomicWrite.ts';
import { unreadable } from '../tools/files/look.ts';
import { isWithin, relativeFault } from '../tools/files/places.ts';

/** Files of a deliverable on their way into a folder that a person chose. */
export interface Export {
  /** Absolute; it is made where it is missing. */
  readonly folder: string;
  readonly files: readonly DeliverableFile[];
  /** Whether a file that stands there is replaced. */
  readonly replace: boolean;
  /** Folders in which nothing is written. */
  readonly ownFolders: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Writes the files, each whole or not at all, through no link. What stands there already is a `conflict` before
 * anything is written, unless it is to be replaced; what fails takes away again what it brought.
 */
export async function exportFiles(
  { folder, files, replace, ownFolders, signal }: Export,
  blobs: Pick<Blobs, 'open'>,
): Promise<Outcome<{ folder: string; files: number; bytes: number }>> {
  if (!path.isAbsolute(folder)) return bad(noFolder(folder));
  const wrong = files.find((file) => relativeFault(file.path) !== null);
  if (wrong)
    return bad(failures.conflict(`"${wrong.path}" is no name for a file here.`, 'Save other files.'));
  const made: string[] = [];
  try {
    const isOurs = (root: string) =>
      files.some((file) => ownFolders.some((own) => isWithin(path.join(root, file.path), own)));
    if (isOurs(await realFolder(folder))) return bad(noFolder(folder));
    await mkdir(folder, { recursive: true });
    const root = await realpath(folder);
    if (isOurs(root)) return bad(noFolder(folder));
    const fault = await faultBefore(root, files, replace);
    if (fault) return bad(fault);
    let bytes = 0;
    for (const file of files) {
      const to = path.join(root, file.path);
      const isNew = (await lstat(to).catch(() => null)) === null;
      await makeFolders(path.dirname(to));
      const written = signal.aborted ? stopped : await writeOne(to, file, { replace, signal }, blobs);
      if (!written.ok) {
        for (const one of made) await removeFile(one, []).catch(() => {});
        return written;
      }
      if (isNew) made.push(to);
      bytes += file.size;
    }
    return good({ folder: root, files: files.length, bytes });
  } catch (error) {
    for (const one of made) await removeFile(one, []).catch(() => {});
    const known = unreadable({ shown: folder }, error);
    return known.ok ? bad(noFolder(folder)) : known;
  }
}

/** What already stands in the way. */
async function faultBefore(
  root: string,
  files: readonly DeliverableFile[],
  replace: boolean,
): Promise<Failure | null> {
  const standing: string[] = [];
  for (const file of files) {
    const there = await lstat(path.join(root, file.path)).catch(() => null);
    if (there && (!replace || !there.isFile())) standing.push(file.path);
  }
  if (standing.length === 0) return null;
  const named = standing.slice(0, 5).join(', ');
  const more = standing.length > 5 ? ` and ${standing.length - 5} more` : '';
  return inTheWay(`${named}${more}`, replace);
}

/** Where replacing would help, the field is the one that says so. */
function inTheWay(named: string, replace: boolean): Failure {
  const mend = replace ? 'Choose another folder.' : 'Choose another folder, or let them be replaced.';
  const failure = failures.conflict(`There is already: ${named}.`, mend);
  return replace ? failure : { ...failure, field: 'replace' };
}

const stopped = bad(failures.cancelled('Saving was stopped.'));

/** Where a folder lies, or will lie once what is missing of it is made. */
async function realFolder(folder: string): Promise<string> {
  const found = await realpath(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return null;
  });
  return found ?? path.join(await realFolder(path.dirname(folder)), path.basename(folder));
}

async function writeOne(
  to: string,
  { path: name, digest }: DeliverableFile,
  { replace, signal }: Pick<Export, 'replace' | 'signal'>,
  blobs: Pick<Blobs, 'open'>,
): Promise<Outcome<void>> {
  const pieces = await blobs.open(digest);
  if (!pieces) return bad(failures.deleted(name));
  await using parent = await anchor(path.dirname(to));
  const temporary = path.join(parent.base, `.butler-${randomUUID()}.tmp`);
  const last = path.join(parent.base, path.basename(to));
  try {
    await using handle = await open(temporary, 'wx');
    for await (const piece of pieces) {
      if (signal.aborted) return stopped;
      await handle.writeFile(piece);
    }
    if (replace) await rename(temporary, last);
    else await link(temporary, last).catch((error) => withoutLinks(error, temporary, last));
    return good(undefined);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return bad(inTheWay(name, replace));
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Some file systems know no links; there the last look and the rename follow each other closely. */
async function withoutLinks(error: NodeJS.ErrnoException, temporary: string, last: string): Promise<void> {
  if (error.code === 'EEXIST') throw error;
  if (await lstat(last).catch(() => null)) throw Object.assign(new Error('exists'), { code: 'EEXIST' });
  await rename(temporary, last);
}

function noFolder(folder: string): Failure {
  const what = `"folder": nothing can be saved in ${JSON.stringify(folder.slice(0, 200))}.`;
  return failures.invalid('folder', what, 'Choose a folder of yours by its whole path.');
}
