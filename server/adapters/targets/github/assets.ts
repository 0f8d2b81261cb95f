import * as z from 'zod';
import type { DeliverableFile } from '../../../protocol/deliverable.ts';
import { failures } from '../../../protocol/failure.ts';
import { uploadsOf } from './config.ts';
import type { Hub } from './hub.ts';
import { isPassing, orNull, refuse } from './refused.ts';
import { bytesOf } from './tree.ts';
import type { Work } from './work.ts';

const Asset = z.object({
  id: z.int(),
  name: z.string(),
  state: z.string(),
  size: z.number(),
  digest: z.string().nullish().catch(null),
});
/** A file of a release as GitHub keeps it. */
export type Asset = z.infer<typeof Asset>;
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

/** Sends a file as an asset of a release; what arrived of it half is taken away before it is sent again. */
export async function upload({ hub, context }: Work, id: number, file: DeliverableFile): Promise<void> {
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
      if (!isPassing(error) || tries <= 1 || context.signal.aborted) throw error;
      const half = (await assetsOf(hub, id)).find((asset) => asset.name === name);
      if (half && isWhole(half, file)) return;
      if (half) await removeAsset(hub, half);
    }
  }
}

/** The assets of a release. */
export async function assetsOf({ api, at }: Hub, id: number): Promise<Asset[]> {
  const all: Asset[] = [];
  for (let page = 1; page <= 10; page++) {
    const path = `${at}/releases/${id}/assets?per_page=100&page=${page}`;
    const some = await api.ask({ method: 'GET', path, reads: z.array(Asset) });
    all.push(...some);
    if (some.length < 100) break;
  }
  return all;
}

/** Whether an asset arrived with all its bytes. */
export function isWhole(
  { state, size, digest }: Asset,
  file: Pick<DeliverableFile, 'size' | 'digest'>,
): boolean {
  return state === 'uploaded' && size === file.size && (!digest || digest === `sha256:${file.digest}`);
}

/** Takes an asset away; nothing where it is gone. */
export async function removeAsset({ api, at }: Hub, { id }: Asset): Promise<void> {
  const path = `${at}/releases/assets/${id}`;
  await orNull(api.ask({ method: 'DELETE', path, reads: z.unknown(), again: true }));
}

/** The name under which GitHub keeps an asset: it puts dots for what is special. */
export function assetName(path: string): string {
  return path
    .replace(/[^A-Za-z0-9._+-]+/g, '.')
    .replace(/^\.+/, 'file.')
    .replace(/\.+$/, '');
}
