import { cp, lstat, mkdir, readdir, readlink, realpath, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { anchor, Moved } from '../tools/files/anchor.ts';
import { after, lookThrough, without } from './guardedFiles.ts';

/**
 * The second line behind the mounts, which hold only what is there before a command: guarded files that came into
 * being meanwhile are put aside. They are moved, not deleted, for a person may have made one at the same time.
 */
export interface GuardKeep {
  /** Puts aside what came; answers its paths, relative to the workspace with `/`. */
  putAside(allowedMeanwhile: readonly string[]): Promise<readonly string[]>;
}

/** What is remembered of a workspace before a command. */
export interface GuardedBefore {
  readonly workspace: string;
  /** Guarded files as they lie there before it. */
  readonly guarded: readonly string[];
  /** Absolute paths that a person allowed it to change. */
  readonly allowed: readonly string[];
  /** The folder that takes what is put aside; made when there is something. */
  readonly aside: string;
}

/** Remembers which guarded files there are. */
export async function keepGuarded({ workspace, guarded, allowed, aside }: GuardedBefore): Promise<GuardKeep> {
  const before = new Map<string, string>();
  for (const file of guarded) {
    const known = await identityOf(file);
    if (known) before.set(file, known);
  }
  const old = new Set(before.values());
  return {
    async putAside(allowedMeanwhile) {
      const now = await lookThrough(workspace, after);
      const standing = without(now.guarded, [...allowed, ...allowedMeanwhile]);
      const found = await Promise.all(standing.map(async (file) => ({ file, is: await identityOf(file) })));
      const elsewhere = new Set(found.flatMap(({ file, is }) => (is && before.get(file) !== is ? [is] : [])));
      const came = found.filter(({ file, is }) => {
        const was = before.get(file);
        if (!is || is === was || (old.has(is) && !is.startsWith(linkMark))) return false;
        // No editor puts another one in the place of a link or a folder.
        if (was?.startsWith(linkMark) || was?.startsWith(folderMark)) return true;
        // Where an editor replaced a file, the old one is gone; where a folder was moved away, it lies elsewhere.
        return was === undefined || elsewhere.has(was);
      });
      for (const { file } of came) {
        await moveAside(workspace, file, aside).catch((error: unknown) => {
          if (!(error instanceof Moved)) throw error;
        });
      }
      return came.map(({ file }) => path.relative(workspace, file).split(path.sep).join('/'));
    },
  };
}

const linkMark = 'link to ';
const folderMark = 'folder ';

/** Tells one file from another that took its name, and a link, which no mount holds, by where it leads. */
async function identityOf(file: string): Promise<string | null> {
  const stat = await lstat(file, { bigint: true }).catch(() => null);
  if (stat?.isSymbolicLink()) return linkIdentity(file);
  if (!stat) return null;
  // An empty one rules nothing; it may be the place of another command's walls.
  if (stat.isDirectory() && (await readdir(file).catch(() => [''])).length === 0) return null;
  return `${stat.isDirectory() ? folderMark : ''}${stat.dev} ${stat.ino} ${stat.birthtimeNs}`;
}

/** Where it leads, and whether there is anything. */
async function linkIdentity(file: string): Promise<string> {
  const leads = await readlink(file).catch(() => '');
  const isThere = await realpath(file).then(
    () => true,
    () => false,
  );
  return `${linkMark}${isThere ? '' : 'nothing at '}${leads}`;
}

async function moveAside(workspace: string, file: string, aside: string): Promise<void> {
  const place = path.join(aside, path.relative(workspace, file));
  await mkdir(path.dirname(place), { recursive: true, mode: 0o700 });
  await rm(place, { recursive: true, force: true });
  await using parent = await anchor(path.dirname(file));
  const held = path.join(parent.base, path.basename(file));
  try {
    await rename(held, place);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') return rm(held, { recursive: true, force: true });
    await cp(held, place, { recursive: true, verbatimSymlinks: true }).catch(() => {});
    await rm(held, { recursive: true, force: true });
  }
}
