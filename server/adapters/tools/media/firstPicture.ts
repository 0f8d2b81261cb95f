import type { ImageData } from '../../../core/ports/provider.ts';
import type { ToolContext } from '../../../core/ports/tool.ts';
import type { Effect } from '../../../protocol/effect.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { outOfReach } from '../files/changing.ts';
import { digestOf, readBytes } from '../files/look.ts';
import { fileEffect, findSpot } from '../files/places.ts';
import { typeOf } from './kinds.ts';

/** The picture that a video begins with, as it leaves the machine. */
export interface FirstPicture {
  readonly image: ImageData;
  readonly digest: string;
  readonly effect: Effect;
}

const largest = 8 * 1024 * 1024;

/** Reads the picture of a path in the workspace; nothing where none is named. */
export async function firstPicture(
  given: string | undefined,
  context: ToolContext,
): Promise<Outcome<FirstPicture | null>> {
  if (given === undefined) return good(null);
  const spot = await findSpot(given, context, 'image');
  if (!spot.ok) return spot;
  if (spot.value.place === 'outside') return bad(outOfReach(spot.value.shown));
  const read = await readBytes(spot.value, largest);
  if (!read.ok) return read;
  const type = read.value && types[typeOf(read.value.bytes)?.name ?? ''];
  if (!read.value || !type) {
    const what = `"image": there is no PNG, JPEG or WebP at ${spot.value.shown}.`;
    return bad(failures.invalid('image', what, 'Name a picture of the workspace.'));
  }
  const { bytes } = read.value;
  const image = { type, base64: Buffer.from(bytes).toString('base64') };
  return good({ image, digest: digestOf(bytes), effect: fileEffect('read', spot.value) });
}

const types: Readonly<Record<string, ImageData['type']>> = {
  PNG: 'image/png',
  JPEG: 'image/jpeg',
  WebP: 'image/webp',
};
