import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { SmallImage } from '../../core/ports/images.ts';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { asJpeg, asPng, readers } from './formats.ts';
import type { Header } from './header.ts';
import { type Raster, shrunk, turned } from './raster.ts';

/** The longest edge that models look at; a larger image costs more and shows them nothing more. */
const longestEdge = 1568;
/** A PNG larger than this is a photograph, and written as a JPEG. */
const largestPng = 1_500_000;

/** What the thread is given: bytes, and their header. */
export interface Errand {
  readonly bytes: Uint8Array;
  readonly header: Header;
}

/** Where this file is, in the source tree or as a part of the bundle: it is the program of the thread as well. */
export const place = new URL(import.meta.url);

async function draw({ bytes, header }: Errand): Promise<Outcome<SmallImage>> {
  try {
    const pixels = await readers[header.type](bytes, header);
    const raster = turned(shrunk(pixels, longestEdge), header.orientation);
    const { width, height } = raster;
    return good({ ...(await written(raster, header.type)), width, height });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return bad(failures.invalid('data', `The image is damaged: ${why}`, mend));
  }
}

const mend = 'Save it anew as PNG or JPEG, and hand that over.';

async function written(raster: Raster, from: Header['type']): Promise<Pick<SmallImage, 'bytes' | 'type'>> {
  if (from === 'image/jpeg') return { bytes: await asJpeg(raster), type: 'image/jpeg' };
  const bytes = await asPng(raster);
  if (bytes.length <= largestPng) return { bytes, type: 'image/png' };
  return { bytes: await asJpeg(raster), type: 'image/jpeg' };
}

if (!isMainThread) parentPort?.postMessage(await draw(workerData as Errand));
