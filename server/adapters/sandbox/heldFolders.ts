import { hash } from 'node:crypto';
import { lstat, mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Folders that rule an editor, git or us, and so must not come into being unseen while a command runs. A mount
 * needs a place: where one is missing, an empty folder stands there meanwhile.
 */
const names = ['.git', '.vscode', '.idea', '.butler'];

/** Keeps places for mounts in workspaces, as long as any command of this process needs them. */
export interface HeldFolders {
  /** Makes what is missing; answers how to let go of it. */
  hold(workspace: string): Promise<() => Promise<void>>;
}

/** Notes in `home` what was made, so that what a killed process left is taken away by the next one. */
export function openHeldFolders(home: string): HeldFolders {
  const users = new Map<string, number>();
  const noteOf = (folder: string) => path.join(home, 'held', hash('sha256', folder).slice(0, 32));
  const make = async (folder: string): Promise<boolean> => {
    const count = users.get(folder);
    if (count === undefined && (await lstat(folder).catch(() => null))) {
      if (!(await isLeftOver(noteOf(folder)))) return false;
    } else if (count === undefined) {
      await mkdir(path.dirname(noteOf(folder)), { recursive: true, mode: 0o700 });
      await writeFile(noteOf(folder), String(process.pid));
      const made = await mkdir(folder).then(
        () => true,
        () => false,
      );
      if (!made) return false;
    }
    users.set(folder, (users.get(folder) ?? 0) + 1);
    return true;
  };
  const release = async (folder: string) => {
    const left = (users.get(folder) ?? 1) - 1;
    if (left > 0) return void users.set(folder, left);
    users.delete(folder);
    // Fails where somebody filled it meanwhile: then it is theirs.
    await rmdir(folder).catch(() => {});
    await rm(noteOf(folder), { force: true });
  };
  let turn = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work);
    turn = done.then(
      () => {},
      () => {},
    );
    return done;
  };
  return {
    hold: (workspace) =>
      inTurn(async () => {
        const made: string[] = [];
        for (const name of names) {
          const folder = path.join(workspace, name);
          if (await make(folder)) made.push(folder);
        }
        return () =>
          inTurn(async () => {
            for (const folder of made.splice(0)) await release(folder);
          });
      }),
  };
}

/** Whether a process that is gone made the folder of this note. */
async function isLeftOver(note: string): Promise<boolean> {
  const pid = Number(await readFile(note, 'utf8').catch(() => ''));
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
