import * as z from 'zod';
import type { DeliverableFile } from '../../../protocol/deliverable.ts';
import { failures } from '../../../protocol/failure.ts';
import { removeRef } from './branch.ts';
import { uploadsOf } from './config.ts';
import type { Hub } from './hub.ts';
import { branchFor, noBranch } from './prepare.ts';
import { orNull, Refused, refuse } from './refused.ts';
import { changed } from './takeBack.ts';
import { bytesOf, encodeRef, readRef } from './tree.ts';
import { carries, tagOf, titleOf, withTrailer } from './words.ts';
import { attempt, type Done, type Way, type Work } from './work.ts';

const Asset = z.object({
  id: z.int(),
  name: z.string(),
  state: z.string(),
  size: z.number(),
  digest: z.string().nullish().catch(null),
});
type Asset = z.infer<typeof Asset>;
const Release = z.object({
  id: z.int(),
  tag_name: z.string(),
  draft: z.boolean(),
  body: z.string().nullable().catch(null),
  target_commitish: z.string(),
});
type Release = z.infer<typeof Release>;

const mostPages = 5;

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
      body: withTrailer(`Made and sent by Virtual Butler.`, context.execution),
      draft: true,
    });
    try {
      return await completed(work, draft, branch);
    } catch (error) {
      const stands = await findRelease(work).catch(() => null);
      if (stands && !stands.draft) return doneAs(hub, stands, branch);
      await attempt(() => remove(hub, draft.id));
      throw error;
    }
  },

  async find(work, repository) {
    const found = await findRelease(work);
    const branch = branchFor(work, repository);
    if (!found) return null;
    return found.draft ? completed(work, found, branch) : doneAs(work.hub, found, branch);
  },

  async takeBack(hub, undo) {
    const { api, at } = hub;
    const found = await orNull(
      api.ask({ method: 'GET', path: `${at}/releases/${undo.release}`, reads: Release }),
    );
    if (found && !carries(found.body, undo.execution)) changed('the text of the release was changed');
    if (found) await remove(hub, found.id);
    const tag = await readRef(hub, `tags/${undo.tag}`);
    if (tag === null) return;
    if (tag !== undo.commit) changed(`the tag "${undo.tag}" was moved`);
    await removeRef(hub, `tags/${undo.tag}`);
  },
};

/** Refuses files that cannot be assets: https://docs.github.com/en/repositories/releasing-projects-on-github/about-releases */
export function checkAssets(files: readonly DeliverableFile[]): void {
  const names = new Set<string>();
  for (const { path, size } of files) {
    const name = assetName(path);
    const fault = [
      [path.includes('/'), 'a release has no folders'],
      [size === 0, 'it is empty'],
      [size >= 2 ** 31, 'it is larger than 2 GB'],
      [names.has(name.toLowerCase()), 'another one has the same name at GitHub'],
    ].find(([applies]) => applies);
    names.add(name.toLowerCase());
    if (!fault) continue;
    const what = `"${path}" cannot be an asset of a release: ${fault[1]}.`;
    refuse(failures.invalid('files', what, 'Save it otherwise, or publish in another way.'));
  }
  if (files.length > 1000) {
    const what = 'A release has at most 1000 assets.';
    refuse(failures.invalid('files', what, 'Publish fewer files, or in another way.'));
  }
}

/** Refuses a tag that there is, so that none of others is ever replaced. */
export async function checkTag(hub: Hub, tag: string): Promise<void> {
  const { api, at } = hub;
  const path = `${at}/releases/tags/${encodeRef(tag)}`;
  const taken =
    (await readRef(hub, `tags/${tag}`)) ??
    (await orNull(api.ask({ method: 'GET', path, reads: z.unknown() })));
  if (taken === null) return;
  const what = `There is a tag "${tag}" already.`;
  refuse(failures.conflict(what, 'Name another tag in the target, for example with {time}.'));
}

async function drafted(work: Work, body: Record<string, unknown>): Promise<Release> {
  const { api, at } = work.hub;
  try {
    return await api.ask({ method: 'POST', path: `${at}/releases`, body, reads: Release, certain: true });
  } catch (error) {
    const lost = error instanceof Refused && ['offline', 'overloaded'].includes(error.failure.kind);
    const made = lost ? await findRelease(work).catch(() => null) : null;
    if (made) return made;
    throw error;
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
    await upload(work, draft, file);
  }
  if (context.signal.aborted) refuse(failures.cancelled('Nothing was published.'));
  const path = `${at}/releases/${draft.id}`;
  const shown = { draft: false, tag_name: draft.tag_name, target_commitish: draft.target_commitish };
  await api.ask({ method: 'PATCH', path, body: shown, reads: Release, certain: true, again: true });
  return doneAs(hub, draft, branch);
}

async function upload({ hub, context }: Work, { id }: Release, file: DeliverableFile): Promise<void> {
  const { api, at, place } = hub;
  const name = assetName(file.path);
  const label = name === file.path ? '' : `&label=${encodeURIComponent(file.path)}`;
  const path = `${uploadsOf(place.api)}${at}/releases/${id}/assets?name=${encodeURIComponent(name)}${label}`;
  const pieces = { size: file.size, mime: file.mime, open: () => bytesOf(file, context) };
  for (let tries = 3; ; tries--) {
    try {
      const asset = await api.ask({ method: 'POST', path, pieces, reads: Asset });
      if (!isWhole(asset, file))
        refuse(failures.malformed('GitHub', `it kept "${file.path}" with other bytes.`));
      return;
    } catch (error) {
      const passing = error instanceof Refused && ['offline', 'overloaded'].includes(error.failure.kind);
      if (!passing || tries <= 1 || context.signal.aborted) throw error;
      const half = (await assetsOf(hub, id)).find((asset) => asset.name === name);
      if (half && isWhole(half, file)) return;
      if (half) await removeAsset(hub, half);
    }
  }
}

async function assetsOf({ api, at }: Hub, id: number): Promise<Asset[]> {
  const all: Asset[] = [];
  for (let page = 1; page <= 10; page++) {
    const path = `${at}/releases/${id}/assets?per_page=100&page=${page}`;
    const some = await api.ask({ method: 'GET', path, reads: z.array(Asset) });
    all.push(...some);
    if (some.length < 100) break;
  }
  return all;
}

async function findRelease({ hub, context }: Work): Promise<Release | null> {
  for (let page = 1; page <= mostPages; page++) {
    const path = `${hub.at}/releases?per_page=100&page=${page}`;
    const some = await hub.api.ask({ method: 'GET', path, reads: z.array(Release), certain: true });
    const found = some.find((one) => carries(one.body, context.execution));
    if (found || some.length < 100) return found ?? null;
  }
  return null;
}

function isWhole({ state, size, digest }: Asset, file: DeliverableFile): boolean {
  return state === 'uploaded' && size === file.size && (!digest || digest === `sha256:${file.digest}`);
}

async function removeAsset({ api, at }: Hub, { id }: Asset): Promise<void> {
  const path = `${at}/releases/assets/${id}`;
  await orNull(api.ask({ method: 'DELETE', path, reads: z.unknown(), again: true }));
}

async function remove({ api, at }: Hub, id: number): Promise<void> {
  const path = `${at}/releases/${id}`;
  await orNull(api.ask({ method: 'DELETE', path, reads: z.unknown(), certain: true, again: true }));
}

/** The name under which GitHub keeps an asset: it puts dots for what is special. */
function assetName(path: string): string {
  return path
    .replace(/[^A-Za-z0-9._+-]+/g, '.')
    .replace(/^\.+/, 'file.')
    .replace(/\.+$/, '');
}

function doneAs(
  { place }: Hub,
  { id, tag_name: tag, target_commitish: commit }: Release,
  branch: string,
): Done {
  const location = `${place.web}/releases/tag/${encodeRef(tag)}`;
  return { location, version: tag, branch, commit, release: id, tag };
}
