import { constants, inflateSync } from 'node:zlib';
import type { Header } from './header.ts';

/** The chunks that make the picture; what others hold is neither needed nor unpacked. */
const shown: ReadonlySet<string> = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);
const signature = 8;
/** Length, name and checksum of a chunk. */
const frame = 12;
/** Bytes of the largest pixel: four samples of two bytes. */
const largestPixel = 8;

/**
 * A PNG with nothing but its picture (https://www.w3.org/TR/png-3/); throws where it has two headers, or where
 * what is packed in it is more than the pixels that its header tells of.
 */
export function plainPng(bytes: Uint8Array, { width, height }: Header): Uint8Array {
  const chunks = chunksOf(bytes).filter(({ name }) => shown.has(name));
  if (chunks.filter(({ name }) => name === 'IHDR').length !== 1) throw new Error('it has two headers.');
  const packed = chunks.flatMap(({ name, whole }) => (name === 'IDAT' ? [whole.subarray(8, -4)] : []));
  // Interlaced pixels come as seven pictures, each line of which begins with a byte of its own.
  const unpacked = width * height * largestPixel + height * 8 + 64;
  try {
    inflateSync(Buffer.concat(packed), { maxOutputLength: unpacked, finishFlush: constants.Z_SYNC_FLUSH });
  } catch (cause) {
    throw new Error('its pixels cannot be unpacked.', { cause });
  }
  return Buffer.concat([bytes.subarray(0, signature), ...chunks.map(({ whole }) => whole)]);
}

function chunksOf(bytes: Uint8Array): { name: string; whole: Uint8Array }[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: { name: string; whole: Uint8Array }[] = [];
  for (let at = signature; at + frame <= bytes.length; ) {
    const end = at + frame + view.getUint32(at);
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    chunks.push({ name, whole: bytes.subarray(at, end) });
    at = end;
  }
  return chunks;
}
