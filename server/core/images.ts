import { good, type Outcome } from '../protocol/failure.ts';
import type { Image } from '../protocol/provider.ts';
import type { JobRun } from './jobRun.ts';
import type { Images } from './ports/images.ts';
import type { ImageData } from './ports/provider.ts';
import type { Store } from './ports/store.ts';

/** Keeps an image, made small, to hand over with a job. */
export async function addImage(
  { images, store }: { readonly images: Images; readonly store: Pick<Store, 'blobs'> },
  bytes: Uint8Array,
): Promise<Outcome<Image>> {
  const small = await images.shrink(bytes);
  if (!small.ok) return small;
  const { type, width, height } = small.value;
  return good({ digest: await store.blobs.put(small.value.bytes), type, width, height });
}

/** Reads the images of a session that were not read before, each once in a run; one that was deleted is `null`. */
export async function readImages(run: JobRun, images: Map<string, ImageData | null>): Promise<void> {
  for (const turn of run.transcript().turns) {
    if (turn.kind !== 'person') continue;
    for (const image of turn.images) {
      if (!images.has(image.digest)) images.set(image.digest, await readImage(run, image));
    }
  }
}

async function readImage({ ports }: JobRun, { digest, type }: Image): Promise<ImageData | null> {
  const bytes = await ports.store.blobs.get(digest);
  return bytes && { type, base64: base64Of(bytes) };
}

/** Bytes that a function is given as arguments at once. */
const chunk = 32_768;

function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += chunk) {
    text += String.fromCharCode(...bytes.subarray(at, at + chunk));
  }
  return btoa(text);
}
