import type { Image } from '../../protocol/provider.ts';

/** What an image says of itself before its pixels. */
export interface Header {
  readonly type: Image['type'];
  readonly width: number;
  readonly height: number;
  /** How it is to be turned, 1 to 8 (Exif 2.3, Orientation). */
  readonly orientation: number;
}

/** Reads the header of a PNG, JPEG, GIF or WebP; `null` where the bytes are none of them. */
export function readHeader(bytes: Uint8Array): Header | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return png(view) ?? jpeg(view) ?? gif(view) ?? webp(view);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const upright = 1;

function png(view: DataView): Header | null {
  if (view.getUint32(0) !== 0x89504e47 || view.getUint32(12) !== 0x49484452) return null;
  return { type: 'image/png', width: view.getUint32(16), height: view.getUint32(20), orientation: upright };
}

function gif(view: DataView): Header | null {
  if (view.getUint32(0) !== 0x47494638) return null;
  const [width, height] = [view.getUint16(6, true), view.getUint16(8, true)];
  return { type: 'image/gif', width, height, orientation: upright };
}

/** The frame that holds the size comes after segments of any kind, the one with the orientation among them. */
function jpeg(view: DataView): Header | null {
  if (view.getUint16(0) !== 0xffd8) return null;
  let orientation = upright;
  for (let at = 2; ; ) {
    const marker = view.getUint16(at);
    const length = view.getUint16(at + 2);
    if (marker === 0xffe1) orientation = orientationAt(view, at + 4) ?? orientation;
    if (isFrame(marker)) {
      const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)];
      return { type: 'image/jpeg', width, height, orientation };
    }
    if (marker < 0xff00 || length < 2) return null;
    at += 2 + length;
  }
}

function isFrame(marker: number): boolean {
  const tables = [0xffc4, 0xffc8, 0xffcc];
  return marker >= 0xffc0 && marker <= 0xffcf && !tables.includes(marker);
}

function orientationAt(view: DataView, at: number): number | null {
  if (view.getUint32(at) !== 0x45786966) return null;
  const tiff = at + 6;
  const little = view.getUint16(tiff) === 0x4949;
  const directory = tiff + view.getUint32(tiff + 4, little);
  const count = view.getUint16(directory, little);
  for (let entry = directory + 2; entry < directory + 2 + count * 12; entry += 12) {
    if (view.getUint16(entry, little) !== 0x0112) continue;
    const value = view.getUint16(entry + 8, little);
    return value >= 1 && value <= 8 ? value : null;
  }
  return null;
}

/** The three forms of the first chunk (RFC 9649). */
function webp(view: DataView): Header | null {
  if (view.getUint32(0) !== 0x52494646 || view.getUint32(8) !== 0x57454250) return null;
  const size = { 1448097824: lossy, 1448097868: lossless, 1448097880: extended }[view.getUint32(12)];
  if (!size) return null;
  const [width, height] = size(view);
  return { type: 'image/webp', width, height, orientation: upright };
}

type Size = readonly [width: number, height: number];

function lossy(view: DataView): Size {
  return [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff];
}

function lossless(view: DataView): Size {
  const bits = view.getUint32(21, true);
  return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
}

function extended(view: DataView): Size {
  const at = (place: number) => (view.getUint32(place, true) & 0xffffff) + 1;
  return [at(24), at(27)];
}
