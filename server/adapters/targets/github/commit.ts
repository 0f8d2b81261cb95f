import * as z from 'zod';
import type { TargetContext } from '../../../core/ports/target.ts';
import { failures } from '../../../protocol/failure.ts';
import { someAtOnce } from '../someAtOnce.ts';
import { type Hub, hubUntil } from './hub.ts';
import { type Entry, entryOf, type Line, lineToSend, readyLine } from './line.ts';
import { refuse } from './refused.ts';
import { keptByPages, type Step } from './steps.ts';
import { foldersOf, leavesOf, Sha, type Standing } from './tree.ts';

/** What a commit shall hold. */
export interface Change {
  readonly steps: readonly Step[];
  readonly standing: Standing;
  /** Whether nothing stays that no step names, but what Pages want. */
  readonly whole: boolean;
  readonly marker: { readonly path: string; readonly content: string } | null;
  readonly message: string;
}

const Made = z.object({ sha: Sha });
/** Lines of one tree that goes out at once, and their characters. */
const most = { lines: 500, characters: 3_000_000 } as const;
/** Files that are sent at a time; the service asks for few. */
const atOnce = 3;

/** Makes a commit with all changes at once; no ref names it yet, so nobody sees it. */
export async function makeCommit(hub: Hub, change: Change, context: TargetContext): Promise<string> {
  const tree = await makeTree(hub, linesFor(change, context), { ...change, signal: context.signal });
  await verify(hub, tree, change);
  const { commit } = change.standing;
  return postCommit(hub, { message: change.message, tree, parents: commit ? [commit.sha] : [] });
}

/** Makes a commit of a tree that is there. */
export async function postCommit(
  { api, at }: Hub,
  body: { message: string; tree: string; parents: readonly string[] },
): Promise<string> {
  const asked = { method: 'POST', path: `${at}/git/commits`, body, reads: Made, again: true } as const;
  return (await api.ask(asked)).sha;
}

/** Makes trees, each on the one before, so that neither a request nor memory grows with the publication. */
export async function makeTree(
  hub: Hub,
  lines: readonly Line[],
  { standing, whole, signal }: Pick<Change, 'standing' | 'whole'> & { readonly signal: AbortSignal },
): Promise<string> {
  const { api, at } = hub;
  let base = whole ? null : (standing.commit?.tree.sha ?? null);
  for (const portion of portions(lines)) {
    const body = {
      tree: await entriesOf(hub, portion, signal),
      ...(base === null ? {} : { base_tree: base }),
    };
    const asked = { method: 'POST', path: `${at}/git/trees`, body, reads: Made, again: true } as const;
    base = (await api.ask(asked)).sha;
  }
  return base ?? refuse(failures.invalid('files', 'There is nothing to publish.', 'Save some files first.'));
}

async function entriesOf(hub: Hub, lines: readonly Line[], signal: AbortSignal): Promise<Entry[]> {
  const entries: Entry[] = new Array(lines.length);
  await someAtOnce([...lines.entries()], atOnce, signal, async ([index, line], either) => {
    entries[index] = await line.entry(hubUntil(hub, either));
  });
  return entries;
}

function linesFor(change: Change, context: TargetContext): Line[] {
  const { steps, standing, whole, marker } = change;
  const sent = steps.filter((step) => step.change === 'create' || step.change === 'update');
  const known = new Set([...standing.leaves.values()].map((leaf) => leaf.sha));
  let done = 0;
  const lines = sent.map((step) =>
    lineToSend(step, known, context, () => context.progress(++done / (sent.length + 1), step.shown)),
  );
  const gone = steps.filter((step) => step.change === 'delete');
  const taken = gone.map(({ path, mode }) => readyLine({ path, mode, type: 'blob', sha: null }));
  const note = marker ? [readyLine({ ...marker, mode: '100644', type: 'blob' })] : [];
  if (!whole) return [...taken, ...lines, ...note];
  const stays = steps.filter((step) => step.change === 'unchanged').map((step) => entryOf(step, step.sha));
  const kept = keptByPages.flatMap((path) => {
    const leaf = standing.leaves.get(path);
    const ours = steps.some((step) => step.path === path && step.change !== 'delete');
    return leaf?.type === 'blob' && !ours ? [entryOf(leaf, leaf.sha)] : [];
  });
  return [...[...stays, ...kept].map(readyLine), ...lines, ...note];
}

/** Lines in portions; what is deleted makes room first where a file and a folder change places. */
function portions(lines: readonly Line[]): Line[][] {
  const pathsOf = (gone: boolean) =>
    new Set(lines.filter((line) => line.gone === gone).map((line) => line.path));
  const [gone, set] = [pathsOf(true), pathsOf(false)];
  const isBelow = (paths: Set<string>, others: Set<string>) =>
    [...paths].some((path) => foldersOf(path).some((folder) => others.has(folder)));
  const clash = isBelow(set, gone) || isBelow(gone, set);
  const all: Line[][] = [];
  let portion: Line[] = [];
  let characters = 0;
  const end = () => {
    if (portion.length > 0) all.push(portion);
    [portion, characters] = [[], 0];
  };
  for (const line of lines) {
    if (clash && portion.at(-1)?.gone && !line.gone) end();
    portion.push(line);
    characters += line.weight;
    if (portion.length >= most.lines || characters > most.characters) end();
  }
  end();
  return all;
}

/** Holds what was made equal to what was approved, byte for byte. */
async function verify(hub: Hub, tree: string, { steps }: Change): Promise<void> {
  const leaves = await leavesOf(hub, tree, new Set(steps.flatMap((step) => foldersOf(step.path))));
  for (const { path, change, sha, mode, shown } of steps) {
    const leaf = leaves.get(path);
    const right = change === 'delete' ? leaf?.type !== 'blob' : leaf?.sha === sha && leaf?.mode === mode;
    if (!right) refuse(failures.malformed('GitHub', `"${shown}" came out otherwise than it was sent.`));
  }
}
