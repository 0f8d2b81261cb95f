import * as z from 'zod';
import type { TargetContext } from '../../../core/ports/target.ts';
import { failures } from '../../../protocol/failure.ts';
import { moveRef, removeRef } from './branch.ts';
import { makeTree, postCommit } from './commit.ts';
import type { Hub } from './hub.ts';
import { type Entry, readyLine } from './line.ts';
import { orNull, refuse } from './refused.ts';
import { type Commit, leavesOf, readCommit, readRef } from './tree.ts';
import { carries, linesOf, published, undoing, undone, wentTo } from './words.ts';
import type { Undo } from './work.ts';

const Comparison = z.object({
  status: z.string(),
  total_commits: z.number(),
  commits: z.array(z.object({ commit: z.object({ message: z.string() }) })),
});

/** Takes a commit back with one more: what came after it stays, and what was changed since is a `conflict`. */
export async function takeBackCommit(hub: Hub, undo: Undo, context: TargetContext): Promise<void> {
  const head = await readRef(hub, `heads/${undo.branch}`);
  if (head === null) {
    if (undo.fresh) return;
    changed('the branch is gone');
  }
  const ours = await readCommit(hub, undo.commit);
  const since = head === undo.commit ? [] : await messagesSince(hub, undo.commit, head);
  if (since.some((message) => carries(message, undo.execution, undone))) return;
  refuseLater(since, undo);
  const now = await readCommit(hub, head);
  if (undo.fresh && now.tree.sha === ours.tree.sha) {
    if (!since.every(isOurs)) changed('others committed to its branch');
    return removeRef(hub, `heads/${undo.branch}`);
  }
  const parent = ours.parents[0];
  const former = parent ? await readCommit(hub, parent.sha) : null;
  const tree =
    head === undo.commit && former
      ? former.tree.sha
      : await without(hub, { former, ours, now }, context.signal);
  const message = undoing(ours.message.split('\n')[0] ?? '', undo.execution);
  const commit = await postCommit(hub, { message, tree, parents: [head] });
  if (context.signal.aborted) refuse(failures.cancelled('Nothing was taken back.'));
  await moveRef(hub, `heads/${undo.branch}`, commit);
}

/** Says what is not as it was left. */
export function changed(what: string): never {
  return refuse(
    failures.conflict(
      `It is not as it was published: ${what}.`,
      'It was left as it is; look at it there and change it by hand.',
    ),
  );
}

/** Whether a commit publishes or takes back; a branch with any other is not ours to delete. */
function isOurs(message: string): boolean {
  return linesOf(message, published).length > 0 || linesOf(message, undone).length > 0;
}

/** A later publication to the same folder that stands builds on this one. */
function refuseLater(since: readonly string[], { folder }: Undo): void {
  const back = new Set(since.flatMap((message) => linesOf(message, undone)));
  const later = since
    .filter((message) => wentTo(message, folder))
    .flatMap((message) => linesOf(message, published));
  if (later.some((execution) => !back.has(execution))) changed('a later publication stands on it');
}

async function messagesSince({ api, at }: Hub, before: string, head: string): Promise<string[]> {
  const path = `${at}/compare/${before}...${head}`;
  const found = await orNull(api.ask({ method: 'GET', path, reads: Comparison }));
  if (!found || !['ahead', 'identical'].includes(found.status)) return changed('the branch was reset');
  if (found.commits.length < found.total_commits) return changed('too many commits came after it');
  return found.commits.map(({ commit }) => commit.message);
}

interface Three {
  readonly former: Commit | null;
  readonly ours: Commit;
  readonly now: Commit;
}

/** The tree of now with what our commit changed as it was before. */
async function without(hub: Hub, { former, ours, now }: Three, signal: AbortSignal): Promise<string> {
  const [before, after, stands] = await Promise.all(
    [former, ours, now].map((commit) => (commit ? filesOf(hub, commit) : new Map<string, Entry>())),
  );
  const entries: Entry[] = [];
  for (const path of new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])) {
    const [was, is, here] = [before?.get(path), after?.get(path), stands?.get(path)];
    if (isSame(was, is)) continue;
    if (!isSame(is, here)) changed(`"${path}" was changed since`);
    entries.push(was ?? { path, mode: is?.mode ?? '100644', type: 'blob', sha: null });
  }
  if (entries.length === 0) return now.tree.sha;
  const gone = entries.filter((entry) => entry.sha === null);
  return makeTree(hub, [...gone, ...entries.filter((entry) => entry.sha !== null)].map(readyLine), {
    standing: { commit: now, leaves: new Map() },
    whole: false,
    signal,
  });
}

async function filesOf(hub: Hub, commit: Commit): Promise<Map<string, Entry>> {
  const leaves = await leavesOf(hub, commit.tree.sha, null);
  const files = [...leaves.values()].filter((leaf) => leaf.type !== 'tree');
  return new Map(files.map(({ path, mode, sha }) => [path, { path, mode, type: 'blob', sha }]));
}

function isSame(one: Entry | undefined, two: Entry | undefined): boolean {
  return one?.sha === two?.sha && one?.mode === two?.mode;
}
