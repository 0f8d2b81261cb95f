import { readFile, stat } from 'node:fs/promises';
import { addImage } from '../../core/images.ts';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import type { Image } from '../../protocol/provider.ts';
import type { Butler } from '../compose.ts';

/** A larger file is not read, in bytes; that of `butler/image/add`. */
const largestFile = 22_000_000;

/** Keeps the images of some files to hand over with a job; the first that cannot be kept is a failure that names it. */
export async function keepImages(butler: Butler, files: readonly string[]): Promise<Outcome<Image[]>> {
  const images: Image[] = [];
  for (const file of files) {
    const bytes = await readImage(file);
    if (!bytes.ok) return bytes;
    const kept = await addImage(butler, bytes.value);
    if (!kept.ok) return bad({ ...kept.failure, what: `${file}: ${kept.failure.what}`, field: 'image' });
    images.push(kept.value);
  }
  return good(images);
}

async function readImage(file: string): Promise<Outcome<Uint8Array>> {
  try {
    const { size } = await stat(file);
    if (size > largestFile) return bad(unreadable(`${file} is too large.`, 'Make the image smaller.'));
    return good(await readFile(file));
  } catch (error) {
    return bad(unreadable(`${file} cannot be read: ${(error as Error).message}.`, 'Name an image file.'));
  }
}

const unreadable = (what: string, mend: string) => failures.invalid('image', what, mend);
