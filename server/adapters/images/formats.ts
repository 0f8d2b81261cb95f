import type { Header } from './header.ts';
import { plainPng } from './png.ts';
import type { Raster } from './raster.ts';

/** Bytes that drawing one image may take, in MB. */
const mostMemory = 640;
/** The quality of a JPEG, of 100. */
const quality = 85;

/** Reads the pixels of an image by its type; throws where they are damaged. Each reader is loaded when it is needed. */
export const readers: Readonly<
  Record<Header['type'], (bytes: Uint8Array, header: Header) => Promise<Raster>>
> = {
  'image/jpeg': async (bytes, header) => {
    const { default: jpeg } = await import('jpeg-js');
    const told = Math.ceil((header.width * header.height) / 1_000_000);
    const limits = { maxMemoryUsageInMB: mostMemory, maxResolutionInMP: told };
    const { width, height, data } = jpeg.decode(bytes, { useTArray: true, formatAsRGBA: false, ...limits });
    return { width, height, data };
  },
  'image/png': async (bytes, header) => {
    const { decode, convertIndexedToRgb } = await import('fast-png');
    const image = decode(plainPng(bytes, header));
    const { width, height, palette, depth } = image;
    if (!palette) return { width, height, data: onWhite(evenBytes(image), image.channels) };
    return {
      width,
      height,
      data: onWhite(convertIndexedToRgb({ ...image, depth }), palette[0]?.length ?? 3),
    };
  },
  'image/gif': async (bytes) => {
    const { GifReader } = (await import('omggif')).default;
    const reader = new GifReader(bytes);
    const { width, height } = reader;
    const first = reader.frameInfo(0);
    if (first.width * first.height > width * height)
      throw new Error('its first picture is too large for it.');
    const pixels = new Uint8Array(width * height * 4);
    reader.decodeAndBlitFrameRGBA(0, pixels);
    return { width, height, data: onWhite(pixels, 4) };
  },
  'image/webp': async (bytes) => {
    const { width, height, data } = await (await import('./webp.ts')).decodeWebp(bytes);
    return { width, height, data: onWhite(data, 4) };
  },
};

/** Writes pixels as a PNG, which loses nothing. */
export async function asPng({ width, height, data }: Raster): Promise<Uint8Array> {
  const { encode } = await import('fast-png');
  return encode({ width, height, data, channels: 3, depth: 8 });
}

/** Writes pixels as a JPEG. */
export async function asJpeg({ width, height, data }: Raster): Promise<Uint8Array> {
  const { default: jpeg } = await import('jpeg-js');
  const rgba = new Uint8Array(width * height * 4).fill(0xff);
  for (let pixel = 0; pixel < width * height; pixel++) {
    rgba.set(data.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
  }
  return jpeg.encode({ width, height, data: rgba }, quality).data;
}

interface Samples {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray | Uint16Array;
  readonly depth: number;
  readonly channels: number;
}

/** Samples of any depth as one byte each. */
function evenBytes({ width, height, data, depth, channels }: Samples): ArrayLike<number> {
  if (depth === 8) return data;
  if (depth === 16) return Uint8Array.from(data, (sample) => sample >> 8);
  const across = width * channels;
  const line = Math.ceil((across * depth) / 8);
  const most = 2 ** depth - 1;
  return Uint8Array.from({ length: across * height }, (_none, index) => {
    const [y, x] = [Math.floor(index / across), index % across];
    const byte = data[y * line + Math.floor((x * depth) / 8)] ?? 0;
    return Math.round((((byte >> (8 - depth - ((x * depth) % 8))) & most) / most) * 255);
  });
}

/** Grey or colour, with or without a measure of how much shows, as colour on white. */
function onWhite(samples: ArrayLike<number>, channels: number): Uint8Array {
  const count = samples.length / channels;
  const data = new Uint8Array(count * 3);
  const clear = channels === 2 || channels === 4;
  for (let pixel = 0; pixel < count; pixel++) {
    const at = pixel * channels;
    const shows = clear ? (samples[at + channels - 1] ?? 255) / 255 : 1;
    for (let colour = 0; colour < 3; colour++) {
      const sample = samples[channels < 3 ? at : at + colour] ?? 0;
      data[pixel * 3 + colour] = Math.round(sample * shows + 255 * (1 - shows));
    }
  }
  return data;
}
