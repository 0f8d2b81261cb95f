import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { TargetContext } from '../../../core/ports/target.ts';
import type { DeliverableFile } from '../../../protocol/deliverable.ts';
import { failures } from '../../../protocol/failure.ts';
import type { Hub } from './hub.ts';
import { orNull, refuse } from './refused.ts';

/** A SHA-1 of git's. */
export const Sha = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/);

/** Bytes that are read in one go. */
const atOnce = 256 * 1024;

/** One thing in a tree of git's. */
export const Leaf = z.object({
  path: z.string(),
  mode: z.string(),
  type: z.string(),
  sha: Sha,
  size: z.int().nonnegative().catch(0),
});
export type Leaf = z.infer<typeof Leaf>;

const Tree = z.object({ sha: Sha, tree: z.array(Leaf), truncated: z.boolean().catch(false) });
const Ref = z.object({ object: z.object({ sha: Sha }) });
const Commit = z.object({
  sha: Sha,
  message: z.string(),
  tree: z.object({ sha: Sha }),
  parents: z.array(z.object({ sha: Sha })),
});
export type Commit = z.infer<typeof Commit>;

/** How a branch stands: its newest commit, and everything in its tree by path. */
export interface Standing {
  readonly commit: Commit | null;
  readonly leaves: ReadonlyMap<string, Leaf>;
}

/** The commit that a ref names, as `heads/main`; `null` where there is none. */
export async function readRef({ api, at }: Hub, ref: string, certain = false): Promise<string | null> {
  const path = `${at}/git/ref/${encodeRef(ref)}`;
  const found = await orNull(api.ask({ method: 'GET', path, reads: Ref, certain }), 409);
  return found?.object.sha ?? null;
}

/** A commit by its SHA. */
export function readCommit({ api, at }: Hub, sha: string): Promise<Commit> {
  return api.ask({ method: 'GET', path: `${at}/git/commits/${sha}`, reads: Commit });
}

/** How a branch stands; of a tree that is too large to be told whole, the folders that are asked for. */
export async function standingOf(hub: Hub, branch: string, folders: Iterable<string>): Promise<Standing> {
  const head = await readRef(hub, `heads/${branch}`);
  if (head === null) return { commit: null, leaves: new Map() };
  const commit = await readCommit(hub, head);
  return { commit, leaves: await leavesOf(hub, commit.tree.sha, folders) };
}

/** Everything in a tree by path, folders too; of a too large one those that are asked for, or a refusal. */
export async function leavesOf(
  hub: Hub,
  sha: string,
  folders: Iterable<string> | null,
): Promise<ReadonlyMap<string, Leaf>> {
  const whole = await readTree(hub, sha, true);
  if (whole.truncated && folders === null) {
    const what = 'The repository is too large to be told whole.';
    refuse(failures.conflict(what, 'Revert the commit by hand.'));
  }
  if (!whole.truncated) return new Map(whole.tree.map((leaf) => [leaf.path, leaf]));
  const wanted = new Set(folders ?? []);
  const leaves = new Map<string, Leaf>();
  const visit = async (tree: string, above: string): Promise<void> => {
    for (const leaf of (await readTree(hub, tree, false)).tree) {
      const path = above === '' ? leaf.path : `${above}/${leaf.path}`;
      leaves.set(path, { ...leaf, path });
      if (leaf.type === 'tree' && wanted.has(path)) await visit(leaf.sha, path);
    }
  };
  await visit(sha, '');
  return leaves;
}

/** What git calls the bytes of a file: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
export async function blobSha(file: DeliverableFile, context: TargetContext): Promise<string> {
  const hash = createHash('sha1').update(`blob ${file.size}\0`);
  for await (const piece of await bytesOf(file, context)) hash.update(piece);
  return hash.digest('hex');
}

/** The bytes of a file; of a large one piece by piece. */
export async function bytesOf(
  { path, digest, size }: DeliverableFile,
  { blobs }: TargetContext,
): Promise<AsyncIterable<Uint8Array>> {
  const small = size <= atOnce ? await blobs.get(digest) : null;
  if (small) return ReadableStream.from([small]);
  const bytes = await blobs.open(digest);
  if (bytes) return bytes;
  return refuse(
    failures.tool(`The content of ${path} was deleted from the store.`, 'Make the deliverable again.'),
  );
}

/** A ref as a part of a path. */
export function encodeRef(ref: string): string {
  return ref.split('/').map(encodeURIComponent).join('/');
}

/** Every folder above a path. */
export function foldersOf(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}

function readTree({ api, at }: Hub, sha: string, recursive: boolean): Promise<z.infer<typeof Tree>> {
  const path = `${at}/git/trees/${sha}${recursive ? '?recursive=1' : ''}`;
  return api.ask({ method: 'GET', path, reads: Tree });
}
