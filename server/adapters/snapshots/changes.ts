import { good, type Outcome } from '../../protocol/failure.ts';
import type { Step, Thing } from '../tools/files/things.ts';
import { lookBehindNoLink } from './disk.ts';
import type { Picture } from './picture.ts';
import { askPrivately, namesIn, type PrivateGit } from './privateGit.ts';

/** Two pictures of one workspace. */
export interface Span {
  readonly git: PrivateGit;
  readonly workspace: string;
  readonly before: Picture;
  readonly after: Picture;
  readonly signal: AbortSignal;
}

/** What changed from one picture to the other; what was ignored before is nobody's to take back and stays out. */
export async function stepsBetween(span: Span): Promise<Outcome<Step[]>> {
  const { before, after, workspace } = span;
  const listed = await contentsOf(span);
  if (!listed.ok) return listed;
  const [then, now] = listed.value;
  const names = new Set([...then.keys(), ...now.keys()]);
  const isHidden = hiddenBy(before.ignored);
  const steps: Step[] = [];
  for (const name of names) {
    const step = { name, before: then.get(name) ?? null, after: now.get(name) ?? null };
    if (JSON.stringify(step.before) === JSON.stringify(step.after)) continue;
    if (!step.before && isHidden(name)) continue;
    if (!step.after && isKept(lookBehindNoLink(workspace, name))) continue;
    steps.push(step);
  }
  for (const name of new Set([...before.folders.keys(), ...after.folders.keys()])) {
    const [was, is] = [before.folders.get(name), after.folders.get(name)];
    if (was === is || (was === undefined && isHidden(`${name}/`))) continue;
    if (is === undefined && lookBehindNoLink(workspace, name)?.isDirectory()) continue;
    steps.push({ name, before: folder(was), after: folder(is) });
  }
  return good(merged(steps));
}

/** Both listings of files and links with their contents; empty where every tree and mode is the same. */
async function contentsOf(span: Span): Promise<Outcome<[Map<string, Thing>, Map<string, Thing>]>> {
  const { before, after } = span;
  const roots = new Set([...before.trees.keys(), ...after.trees.keys()]);
  const changed = [...roots].filter((root) => before.trees.get(root) !== after.trees.get(root));
  const touched = new Set(changed);
  for (const [name, mode] of before.files) {
    const now = after.files.get(name);
    if (now === undefined || now === mode) continue;
    const root = [...roots].filter((one) => name.startsWith(one)).sort((a, b) => b.length - a.length)[0];
    touched.add(root ?? '');
  }
  const both: [Map<string, Thing>, Map<string, Thing>] = [new Map(), new Map()];
  for (const [index, picture] of [before, after].entries()) {
    for (const root of touched) {
      const listed = await readTree(span, picture, root);
      if (!listed.ok) return listed;
      for (const [name, thing] of listed.value) both[index]?.set(name, thing);
    }
  }
  return good(both);
}

async function readTree(
  { git, workspace: top, signal }: Span,
  picture: Picture,
  root: string,
): Promise<Outcome<[string, Thing][]>> {
  const tree = picture.trees.get(root);
  if (tree === undefined) return good([]);
  const index = `${git.folder}/indexes/none`;
  const args = ['ls-tree', '-r', '-z', '--full-tree', tree];
  const listed = await askPrivately(git, { args, cwd: git.folder, top, index, signal });
  if (!listed.ok) return listed;
  return good(
    namesIn(listed.value).map((line): [string, Thing] => {
      const [mode = '', , digest = ''] = line.slice(0, line.indexOf('\t')).split(' ');
      const name = root + line.slice(line.indexOf('\t') + 1);
      if (mode === '120000') return [name, { kind: 'link', digest }];
      return [
        name,
        { kind: 'file', digest, mode: picture.files.get(name) ?? Number.parseInt(mode, 8) & 0o777 },
      ];
    }),
  );
}

/** A name that was one kind of thing and is another now is one step. */
function merged(steps: readonly Step[]): Step[] {
  const byName = new Map<string, Step>();
  for (const step of steps) {
    const other = byName.get(step.name);
    const before = step.before ?? other?.before ?? null;
    byName.set(step.name, { name: step.name, before, after: step.after ?? other?.after ?? null });
  }
  return [...byName.values()];
}

/** Whether a file or link stands there that git does not list any more, as it is ignored now. */
const isKept = (found: ReturnType<typeof lookBehindNoLink>) =>
  Boolean(found?.isFile() || found?.isSymbolicLink());

const folder = (mode: number | undefined): Thing | null =>
  mode === undefined ? null : { kind: 'folder', mode };

/** Tells whether a name was ignored, itself or with a folder above it. */
function hiddenBy(ignored: readonly string[]): (name: string) => boolean {
  const all = new Set(ignored);
  return (name) => {
    if (all.has(name)) return true;
    for (let at = name.lastIndexOf('/'); at > 0; at = name.lastIndexOf('/', at - 1)) {
      if (all.has(name.slice(0, at + 1))) return true;
    }
    return false;
  };
}
