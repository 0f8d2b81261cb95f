import { good, type Outcome } from '../../protocol/failure.ts';
import { foldersAbove, foldersIn, lookAtAll, lookBehindNoLink, Measure } from './disk.ts';
import { atDesk, keepRoot, listRoot, type Root } from './root.ts';

/** How a workspace stands. Names are relative to it, each of their bytes as one character. */
export interface Picture {
  /** The tree of the workspace, under the empty name, and of each repository nested in it, under `its/name/`. */
  readonly trees: ReadonlyMap<string, string>;
  /** The modes of files, to the last bit. */
  readonly files: ReadonlyMap<string, number>;
  readonly folders: ReadonlyMap<string, number>;
  /** What ignore files keep out: files, and with a `/` at the end whole folders. */
  readonly ignored: readonly string[];
}

/**
 * Takes a picture of a workspace with every repository nested in it; all that it shows is kept in the private one.
 * What an earlier picture shows of a repository is shown again, also where ignore files keep it out now.
 */
export async function takePicture(place: Omit<Root, 'name'>, earlier?: Picture): Promise<Outcome<Picture>> {
  const picture = {
    trees: new Map<string, string>(),
    files: new Map<string, number>(),
    folders: new Map<string, number>(),
    ignored: [] as string[],
  };
  const measure = new Measure();
  const shown = [...(earlier?.trees.keys() ?? [])];
  const standing = shown.filter((name) => name && lookBehindNoLink(place.workspace, `${name}.git`));
  const roots = new Set(['', ...standing]);
  for (const name of roots) {
    const outcome = await atDesk({ ...place, name }, async (desk) => {
      const listed = await listRoot(desk, measure);
      if (!listed.ok) return listed;
      const kept = await keepRoot(desk, listed.value);
      if (!kept.ok) return kept;
      const { found, nested, ignored } = listed.value;
      picture.trees.set(name, kept.value.tree);
      for (const [file, stats] of found) {
        if (stats.isFile()) picture.files.set(name + file, stats.mode & 0o7777);
      }
      const leftOut = new Set([...ignored, ...nested]);
      const folders = foldersAbove(found.keys());
      for (const bare of kept.value.bare) {
        for (const folder of await foldersIn(desk.folder, bare, leftOut)) folders.add(folder);
        for (const folder of foldersAbove([bare])) folders.add(folder);
      }
      for (const [folder, stats] of await lookAtAll(desk.folder, folders)) {
        if (stats.isDirectory()) picture.folders.set(name + folder, stats.mode & 0o7777);
      }
      picture.ignored.push(...ignored.map((one) => name + one));
      for (const one of nested) roots.add(name + one);
      return good(undefined);
    });
    if (!outcome.ok) return outcome;
  }
  const nested = [...roots].slice(1).map((name) => name.slice(0, -1));
  for (const [folder, stats] of await lookAtAll(
    place.workspace,
    new Set([...nested, ...foldersAbove(nested)]),
  )) {
    picture.folders.set(folder, stats.mode & 0o7777);
  }
  return good(picture);
}
