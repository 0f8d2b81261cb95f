import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { defaultOptions } from '@jsquash/webp/meta.js';
import { decode as decodePng, encode as encodePng } from 'fast-png';
import jpeg from 'jpeg-js';
import omggif from 'omggif';
import type { SmallImage } from '../../core/ports/images.ts';
import { createImages } from './images.ts';

const images = createImages();

const small = async (bytes: Uint8Array): Promise<SmallImage> => {
  const outcome = await images.shrink(bytes);
  assert.ok(outcome.ok, outcome.ok ? '' : outcome.failure.what);
  return outcome.value;
};
const refused = async (bytes: Uint8Array) => {
  const outcome = await images.shrink(bytes);
  assert.ok(!outcome.ok);
  return [outcome.failure.kind, outcome.failure.what];
};

/** A picture whose left half is red and whose right half is blue, but for the green bottom quarter. */
const rgb = (width: number, height: number) =>
  Uint8Array.from({ length: width * height * 3 }, (_none, index) => {
    const [pixel, colour] = [Math.floor(index / 3), index % 3];
    const shown = Math.floor(pixel / width) >= height * 0.75 ? 1 : pixel % width < width / 2 ? 0 : 2;
    return colour === shown ? 255 : 0;
  });
const png = (width: number, height: number) =>
  encodePng({ width, height, data: rgb(width, height), channels: 3, depth: 8 });
const rgba = (width: number, height: number) => {
  const pixels = rgb(width, height);
  return Uint8Array.from({ length: width * height * 4 }, (_none, index) =>
    index % 4 === 3 ? 255 : (pixels[Math.floor(index / 4) * 3 + (index % 4)] ?? 0),
  );
};
const photo = (width: number, height: number) =>
  new Uint8Array(jpeg.encode({ width, height, data: rgba(width, height) }, 95).data);
const pixel = (
  { width, data }: { width: number; data: ArrayLike<number> },
  x: number,
  y: number,
  channels: number,
) => Array.from({ length: 3 }, (_none, colour) => data[(y * width + x) * channels + colour] ?? 0);
/** How the picture looks upright, by the orientation that it is stored with. */
const looks = {
  1: { left: 'red', right: 'blue', bottom: 'green' },
  2: { left: 'blue', right: 'red', bottom: 'green' },
  3: { left: 'blue', right: 'red', top: 'green' },
  4: { left: 'red', right: 'blue', top: 'green' },
  5: { top: 'red', bottom: 'blue', right: 'green' },
  6: { top: 'red', bottom: 'blue', left: 'green' },
  7: { top: 'blue', bottom: 'red', left: 'green' },
  8: { top: 'blue', bottom: 'red', right: 'green' },
};
const edges = { left: [0.05, 0.5], right: [0.95, 0.5], top: [0.5, 0.05], bottom: [0.5, 0.95] } as const;

/** The colour that stands out. */
const colourOf = (parts: readonly number[]) => ['red', 'green', 'blue'][parts.indexOf(Math.max(...parts))];

describe('an image made small', function () {
  this.timeout(60_000);
  it('keeps a small PNG as it looks', async () => {
    const made = await small(png(40, 20));
    assert.deepEqual([made.type, made.width, made.height], ['image/png', 40, 20]);
    assert.deepEqual(decodePng(made.bytes).data, rgb(40, 20));
  });

  it('has a longest edge of 1568 pixels, each the mean of what it covers', async () => {
    const made = await small(png(2000, 500));
    assert.deepEqual([made.width, made.height], [1568, 392]);
    const { data, width } = decodePng(made.bytes);
    assert.deepEqual(pixel({ width, data }, 10, 10, 3), [255, 0, 0]);
    assert.deepEqual(pixel({ width, data }, 1500, 10, 3), [0, 0, 255]);
    assert.deepEqual(pixel({ width, data }, 10, 391, 3), [0, 255, 0]);
    const stripes = Uint8Array.from({ length: 3136 * 3 }, (_none, index) => (index % 6 < 3 ? 0 : 255));
    const even = await small(encodePng({ width: 3136, height: 1, data: stripes, channels: 3, depth: 8 }));
    assert.deepEqual(new Set(decodePng(even.bytes).data), new Set([128]));
  });

  it('reads every form of PNG', async () => {
    const grey = Uint8Array.from([0, 128, 255, 64]);
    const forms = {
      grey: encodePng({ width: 2, height: 2, data: grey, channels: 1, depth: 8 }),
      'grey and clear': encodePng({
        width: 2,
        height: 2,
        data: Uint8Array.from([...grey].flatMap((value) => [value, 255])),
        channels: 2,
        depth: 8,
      }),
      deep: encodePng({
        width: 2,
        height: 2,
        data: Uint16Array.from(grey, (value) => value * 257),
        channels: 1,
        depth: 16,
      }),
    };
    for (const [form, bytes] of Object.entries(forms)) {
      const { data } = decodePng((await small(bytes)).bytes);
      assert.deepEqual(
        [...data].filter((_one, index) => index % 3 === 0),
        [...grey],
        form,
      );
    }
    const palette: [number, number, number][] = [
      [1, 2, 3],
      [9, 8, 7],
    ];
    const data = Uint8Array.of(1, 0);
    const named = encodePng({ width: 2, height: 1, data, channels: 1, depth: 8, palette });
    assert.deepEqual([...decodePng((await small(named)).bytes).data], [9, 8, 7, 1, 2, 3]);
    const clear = encodePng({
      width: 1,
      height: 1,
      data: Uint8Array.of(255, 0, 0, 0),
      channels: 4,
      depth: 8,
    });
    assert.deepEqual([...decodePng((await small(clear)).bytes).data], [255, 255, 255]);
  });

  it('writes what is a photograph as a JPEG', async () => {
    const noise = randomBytes(900 * 900 * 3);
    const made = await small(encodePng({ width: 900, height: 900, data: noise, channels: 3, depth: 8 }));
    assert.equal(made.type, 'image/jpeg');
  });

  it('is upright, and says nothing of who took it and where', async () => {
    for (const [orientation, look] of Object.entries(looks)) {
      const made = await small(withExif(photo(64, 32), Number(orientation)));
      const { width, height, data } = jpeg.decode(made.bytes, { useTArray: true });
      const seen = Object.entries(edges).map(([edge, [x, y]]) => {
        return [edge, colourOf(pixel({ width, data }, Math.floor(x * width), Math.floor(y * height), 4))];
      });
      assert.deepEqual({ ...Object.fromEntries(seen), ...look }, Object.fromEntries(seen), orientation);
      assert.ok(!Buffer.from(made.bytes).includes('Exif'));
    }
  });

  it('is the first picture of a GIF', async () => {
    const bytes = new Uint8Array(2000);
    const writer = new omggif.GifWriter(bytes, 4, 2, { palette: [0xff0000, 0x0000ff] });
    writer.addFrame(0, 0, 4, 2, [0, 0, 1, 1, 0, 0, 1, 1]);
    writer.addFrame(0, 0, 4, 2, [1, 1, 1, 1, 1, 1, 1, 1]);
    const made = await small(bytes.subarray(0, writer.end()));
    const { width, data } = decodePng(made.bytes);
    assert.equal(made.type, 'image/png');
    assert.deepEqual(
      [colourOf(pixel({ width, data }, 0, 0, 3)), colourOf(pixel({ width, data }, 3, 1, 3))],
      ['red', 'blue'],
    );
  });

  it('is what a WebP shows, lossy or not', async () => {
    for (const lossless of [0, 1]) {
      const made = await small(await webp(96, 48, { ...defaultOptions, lossless, method: 1 }));
      assert.deepEqual([made.type, made.width, made.height], ['image/png', 96, 48]);
      const { width, data } = decodePng(made.bytes);
      const places = [
        [10, 10],
        [90, 10],
        [48, 44],
      ] as const;
      const seen = places.map(([x, y]) => colourOf(pixel({ width, data }, x, y, 3)));
      assert.deepEqual(seen, ['red', 'blue', 'green']);
    }
  });

  it('is refused where it is none, damaged, or far too large', async () => {
    const text = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>');
    assert.deepEqual(await refused(text), ['invalid', 'This is no PNG, JPEG, GIF or WebP.']);
    assert.deepEqual(await refused(new Uint8Array()), ['invalid', 'This is no PNG, JPEG, GIF or WebP.']);
    assert.match((await refused(png(40, 20).subarray(0, 60))).join(), /^invalid,The image is damaged: /);
    assert.match(
      (await refused(photo(40, 20).subarray(0, 500))).join(),
      /^invalid,(The image is damaged|This is no)/,
    );
    const bomb = png(2, 2);
    new DataView(bomb.buffer).setUint32(16, 60_000);
    new DataView(bomb.buffer).setUint32(20, 60_000);
    assert.deepEqual(await refused(bomb), ['invalid', 'The image is too large: 60000 × 60000 pixels.']);
  });

  it('comes in turn where several are handed over at once', async () => {
    const made = await Promise.all([small(png(8, 8)), small(photo(16, 8)), small(png(8, 4))]);
    assert.deepEqual(
      made.map(({ width, height }) => [width, height]),
      [
        [8, 8],
        [16, 8],
        [8, 4],
      ],
    );
  });
});

/** A JPEG with an Exif segment that names its orientation. */
function withExif(bytes: Uint8Array, orientation: number): Uint8Array {
  const exif = Buffer.alloc(36);
  exif.writeUInt16BE(0xffe1, 0);
  exif.writeUInt16BE(34, 2);
  exif.write('Exif\0\0', 4, 'latin1');
  exif.write('MM\0*', 10, 'latin1');
  exif.writeUInt32BE(8, 14);
  exif.writeUInt16BE(1, 18);
  exif.writeUInt16BE(0x0112, 20);
  exif.writeUInt16BE(3, 22);
  exif.writeUInt32BE(1, 24);
  exif.writeUInt16BE(orientation, 28);
  return new Uint8Array(Buffer.concat([bytes.subarray(0, 2), exif, bytes.subarray(2)]));
}

async function webp(width: number, height: number, options: object): Promise<Uint8Array> {
  const wasm = createRequire(import.meta.url).resolve('@jsquash/webp/codec/enc/webp_enc.wasm');
  const { default: start } = await import('@jsquash/webp/codec/enc/webp_enc.js');
  const encoder = await (start as unknown as Start)({ noInitialRun: true, wasmBinary: await readFile(wasm) });
  return new Uint8Array(encoder.encode(rgba(width, height), width, height, options));
}

type Start = (options: {
  noInitialRun: boolean;
  wasmBinary: Uint8Array;
}) => Promise<{ encode(data: Uint8Array, width: number, height: number, options: object): ArrayBuffer }>;
