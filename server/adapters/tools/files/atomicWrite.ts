import { link, lstat, open, rename, rm, rmdir } from 'node:fs/promises';
import { type Anchor, anchor, Moved } from './anchor.ts';
import { type AnyPath, nameOf, parentOf, under } from './bytePath.ts';

/** A file that is to stand at a real path, whole or not at all. */
export interface NewFile {
  readonly path: AnyPath;
  readonly bytes: Uint8Array | AsyncIterable<Uint8Array>;
  /** The mode that it gets, which is that of the file it replaces; `null` where there must be none. */
  readonly mode: number | null;
  /** Whether there must be none although it gets a mode. */
  readonly fresh?: boolean;
  /** The execution; the name of the temporary file carries it. */
  readonly execution: string;
  /** Asked last of all: whether what it replaces is still what was looked at. */
  still(): Promise<boolean>;
}

/** Writes beside and renames. Throws `Moved` when the folder was swapped and `EEXIST` when a new file is there already. */
export async function writeAtomically(file: NewFile): Promise<void> {
  await using parent = await anchor(parentOf(file.path));
  const temporary = under(parent.base, temporaryName(file.execution));
  const last = under(parent.base, nameOf(file.path));
  try {
    await fill(temporary, file);
    if (!(await file.still()) || !(await parent.holds())) throw new Moved(file.path);
    const fresh = file.fresh ?? file.mode === null;
    if (!fresh && (await lstat(last)).isSymbolicLink()) throw new Moved(file.path);
    if (fresh) await placeNew(temporary, last);
    else await rename(temporary, last);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Removes a file, and those of the folders that are empty then, innermost first. */
export async function removeFile(file: string, folders: readonly string[]): Promise<void> {
  await inParent(file, async (parent, name) => rm(under(parent.base, name)));
  await removeFolders(folders);
}

/** Removes those of the folders that are there and empty, innermost first. */
export async function removeFolders(folders: readonly string[]): Promise<void> {
  for (const folder of folders.toReversed()) {
    const gone = await inParent(folder, (parent, name) => rmdir(under(parent.base, name))).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
    );
    if (!gone) return;
  }
}

/** Removes what an execution that was cut off left beside its file. */
export async function sweep(file: AnyPath, execution: string): Promise<void> {
  const leftover = under(parentOf(file), temporaryName(execution));
  await inParent(leftover, (parent, name) => rm(under(parent.base, name), { force: true })).catch(() => {});
}

/** Does something with the name of a file in its folder, which is held meanwhile. */
export async function inParent(
  file: AnyPath,
  act: (parent: Anchor, name: AnyPath) => Promise<void>,
): Promise<void> {
  await using parent = await anchor(parentOf(file));
  await act(parent, nameOf(file));
}

/** The name beside its file under which an execution writes. */
export function temporaryName(execution: string): string {
  return `.butler-${execution}.tmp`;
}

async function fill(temporary: AnyPath, file: NewFile): Promise<void> {
  await using handle = await open(temporary, 'wx', file.mode ?? 0o666);
  await handle.writeFile(file.bytes);
  if (file.mode !== null) await handle.chmod(file.mode);
}

/** A link refuses where something stands already, which a rename would overwrite. */
async function placeNew(temporary: AnyPath, last: AnyPath): Promise<void> {
  try {
    await link(temporary, last);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    if (await lstat(last).catch(() => null)) throw Object.assign(new Error('exists'), { code: 'EEXIST' });
    await rename(temporary, last);
  }
}
