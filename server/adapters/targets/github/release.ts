import * as z from 'zod';
import { failures } from '../../../protocol/failure.ts';
import { type Asset, assetName, assetsOf, isWhole, removeAsset, upload } from './assets.ts';
import { removeRef } from './branch.ts';
import type { Hub } from './hub.ts';
import { branchFor, noBranch } from './prepare.ts';
import { isUnclear, orNull, refuse } from './refused.ts';
import { takeAway } from './takeAway.ts';
import { changed } from './takeBack.ts';
import { encodeRef, readRef } from './tree.ts';
import { carries, tagOf, titleOf, withTrailer } from './words.ts';
import type { Done, Undo, Way, Work } from './work.ts';

/** A release, as far as a publication asks. */
export const Release = z.object({
  id: z.int(),
  tag_name: z.string(),
  name: z.string().nullable().catch(null),
  draft: z.boolean(),
  body: z.string().nullable().catch(null),
  target_commitish: z.string(),
});
export type Release = z.infer<typeof Release>;

/** A release with the files as its assets: a draft until all of them are there, then seen at once. */
export const release: Way = {
  undoes: 'The release is deleted, and its tag with it.',

  async publish(work, repository) {
    const { hub, config, parcel, context } = work;
    const branch = branchFor(work, repository);
    const commit = (await readRef(hub, `heads/${branch}`)) ?? noBranch(work, branch);
    const tag = tagOf(config, context.now());
    await checkTag(hub, tag);
    const draft = await drafted(work, {
      tag_name: tag,
      target_commitish: commit,
      name: titleOf(config, parcel, context.now()),
      body: textFor(context.execution),
      draft: true,
    });
    return shown(work, draft, branch);
  },

  async find(work, repository, pages) {
    const found = await findRelease(work, pages);
    const branch = branchFor(work, repository);
    if (!found) return null;
    return found.draft ? shown(work, found, branch) : doneAs(work, found, branch);
  },

  async takeBack(hub, undo) {
    const tag = await readRef(hub, `tags/${undo.tag}`);
    if (tag !== null && tag !== undo.commit) changed(`the tag "${undo.tag}" was moved`);
    const found = await readRelease(hub, undo.release ?? 0);
    const fault = found && (await changeOf(hub, found, undo));
    if (fault) changed(fault);
    if (found) await remove(hub, found.id);
    else if (await isReleased(hub, undo.tag ?? '')) changed(`another release bears the tag "${undo.tag}"`);
    if (tag !== null) await removeRef(hub, `tags/${undo.tag}`);
  },
};

/** What others changed of a release since it was published; `null` where it stands as it was left. */
export async function changeOf(
  hub: Hub,
  { id, name, body }: Release,
  { execution, title, text, assets }: Pick<Undo, 'execution' | 'title' | 'text' | 'assets'>,
): Promise<string | null> {
  const isOther = (stands: string | null, left: string | undefined) =>
    left !== undefined && plain(stands ?? '') !== plain(left);
  if (!carries(body, execution) || isOther(body, text)) return 'the text of the release was changed';
  if (isOther(name, title)) return 'the title of the release was changed';
  if (assets === undefined) return null;
  const stands = await assetsOf(hub, id);
  const isOurs = (asset: Asset) => assets.some((sent) => sent.name === asset.name && isWhole(asset, sent));
  const same = stands.length === assets.length && stands.every(isOurs);
  return same ? null : 'the assets of the release were changed';
}

/** Refuses a tag that there is, so that none of others is ever replaced. */
export async function checkTag(hub: Hub, tag: string): Promise<void> {
  const isTaken = (await readRef(hub, `tags/${tag}`)) !== null || (await isReleased(hub, tag));
  if (!isTaken) return;
  const what = `There is a tag "${tag}" already.`;
  refuse(failures.conflict(what, 'Name another tag in the target, for example with {time}.'));
}

/** Whether a release that is no draft bears a tag. */
async function isReleased({ api, at }: Hub, tag: string): Promise<boolean> {
  const path = `${at}/releases/tags/${encodeRef(tag)}`;
  const found = await orNull(api.ask({ method: 'GET', path, reads: z.unknown().transform(() => true) }));
  return found ?? false;
}

async function drafted(work: Work, body: Record<string, unknown>): Promise<Release> {
  const { api, at } = work.hub;
  try {
    return await api.ask({ method: 'POST', path: `${at}/releases`, body, reads: Release, certain: true });
  } catch (error) {
    const made = isUnclear(error) ? await findRelease(work, 1).catch(() => null) : null;
    if (made) return made;
    throw error;
  }
}

/** Completes a draft and shows it; one that cannot be completed goes again. */
async function shown(work: Work, draft: Release, branch: string): Promise<Done> {
  try {
    return await completed(work, draft, branch);
  } catch (error) {
    return takeAway<Done>(work, error, async (tidy) => {
      const stands = await readRelease(tidy, draft.id);
      if (stands && !stands.draft) return doneAs(work, stands, branch);
      if (stands) await remove(tidy, stands.id);
      return null;
    });
  }
}

/** Sends what is missing, then shows the release. */
async function completed(work: Work, draft: Release, branch: string): Promise<Done> {
  const { hub, parcel, context } = work;
  const { api, at } = hub;
  const stands = await assetsOf(hub, draft.id);
  for (const [index, file] of parcel.files.entries()) {
    context.progress(index / parcel.files.length, file.path);
    const there = stands.find((asset) => asset.name === assetName(file.path));
    if (there && isWhole(there, file)) continue;
    if (there) await removeAsset(hub, there);
    await upload(work, draft.id, file);
  }
  if (context.signal.aborted) refuse(failures.cancelled('Nothing was published.'));
  const path = `${at}/releases/${draft.id}`;
  const body = { draft: false, tag_name: draft.tag_name, target_commitish: draft.target_commitish };
  await api.ask({ method: 'PATCH', path, body, reads: Release, certain: true, again: true });
  return doneAs(work, draft, branch);
}

async function findRelease({ hub, context }: Work, pages: number): Promise<Release | null> {
  for (let page = 1; page <= pages; page++) {
    const path = `${hub.at}/releases?per_page=100&page=${page}`;
    const some = await hub.api.ask({ method: 'GET', path, reads: z.array(Release), certain: true });
    const found = some.find((one) => carries(one.body, context.execution));
    if (found || some.length < 100) return found ?? null;
  }
  return null;
}

function readRelease({ api, at }: Hub, id: number): Promise<Release | null> {
  return orNull(api.ask({ method: 'GET', path: `${at}/releases/${id}`, reads: Release }));
}

async function remove({ api, at }: Hub, id: number): Promise<void> {
  const path = `${at}/releases/${id}`;
  await orNull(api.ask({ method: 'DELETE', path, reads: z.unknown(), certain: true, again: true }));
}

function doneAs({ hub, parcel, context }: Work, release: Release, branch: string): Done {
  const { id, name, tag_name: tag, target_commitish: commit } = release;
  return {
    location: `${hub.place.web}/releases/tag/${encodeRef(tag)}`,
    version: tag,
    branch,
    commit,
    release: id,
    tag,
    title: name ?? '',
    text: textFor(context.execution),
    assets: parcel.files.map(({ path, size, digest }) => ({ name: assetName(path), size, digest })),
  };
}

function textFor(execution: string): string {
  return withTrailer('Made and sent by Virtual Butler.', execution);
}

/** A text as it is after somebody looked at it in a browser. */
function plain(text: string): string {
  return text.replaceAll('\r\n', '\n').trim();
}
