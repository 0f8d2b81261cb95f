import { link, lstat, open, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { type Anchor, anchor, Moved } from './anchor.ts';

/** A file that is to stand at a real path, whole or not at all. */
export interface NewFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** The mode of the file it replaces; `null` where there must be none. */
  readonly mode: number | null;
  /** The execution; the name of the temporary file carries it. */
  readonly execution: string;
  /** Asked last of all: whether what it replaces is still what was looked at. */
  still(): Promise<boolean>;
}

/** Writes beside and renames. Throws `Moved` when the folder was swapped and `EEXIST` when a new file is there already. */
export async function writeAtomically(file: NewFile): Promise<void> {
  await using parent = await anchor(path.dirname(file.path));
  const temporary = path.join(parent.base, temporaryName(file.execution));
  const last = path.join(parent.base, path.basename(file.path));
  try {
    await fill(temporary, file);
    if (!(await file.still()) || !(await parent.holds())) throw new Moved(file.path);
    if (file.mode !== null && (await lstat(last)).isSymbolicLink()) throw new Moved(file.path);
    if (file.mode === null) await placeNew(temporary, last);
    else await rename(temporary, last);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Removes a file, and those of the folders that are empty then, innermost first. */
export async function removeFile(file: string, folders: readonly string[]): Promise<void> {
  await inParent(file, async (parent, name) => rm(path.join(parent.base, name)));
  for (const folder of folders.toReversed()) {
    const gone = await inParent(folder, (parent, name) => rmdir(path.join(parent.base, name))).then(
      () => true,
      () => false,
    );
    if (!gone) return;
  }
}

/** Removes what an execution that was cut off left beside its file. */
export async function sweep(file: string, execution: string): Promise<void> {
  const leftover = path.join(path.dirname(file), temporaryName(execution));
  await inParent(leftover, (parent, name) => rm(path.join(parent.base, name), { force: true })).catch(
    () => {},
  );
}

function temporaryName(execution: string): string {
  return `.butler-${execution}.tmp`;
}

async function inParent(file: string, act: (parent: Anchor, name: string) => Promise<void>): Promise<void> {
  await using parent = await anchor(path.dirname(file));
  await act(parent, path.basename(file));
}

async function fill(temporary: string, file: NewFile): Promise<void> {
  await using handle = await open(temporary, 'wx', file.mode ?? 0o666);
  await handle.writeFile(file.bytes);
  if (file.mode !== null) await handle.chmod(file.mode);
}

/** A link refuses where something stands already, which a rename would overwrite. */
async function placeNew(temporary: string, last: string): Promise<void> {
  try {
    await link(temporary, last);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    if (await lstat(last).catch(() => null)) throw Object.assign(new Error('exists'), { code: 'EEXIST' });
    await rename(temporary, last);
  }
}
