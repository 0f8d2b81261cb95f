import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { crc32, deflateSync } from 'node:zlib';
import jpeg from 'jpeg-js';
import { readHeader } from './header.ts';
import { createImages } from './images.ts';
import { plainPng } from './png.ts';

const images = createImages();

const refusal = async (bytes: Uint8Array): Promise<string> => {
  const outcome = await images.shrink(bytes);
  return outcome.ok ? 'drawn' : outcome.failure.what;
};

const signature = Buffer.from('89504e470d0a1a0a', 'hex');
const chunk = (name: string, data: Uint8Array): Buffer => {
  const named = Buffer.concat([Buffer.from(name), data]);
  const whole = Buffer.alloc(named.length + 8);
  whole.writeUInt32BE(data.length, 0);
  whole.set(named, 4);
  whole.writeUInt32BE(crc32(named), named.length + 4);
  return whole;
};
const head = (width: number, height: number) => {
  const data = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  return chunk('IHDR', data);
};
const pixels = (count: number) => chunk('IDAT', deflateSync(Buffer.alloc(count)));
const png = (...chunks: Buffer[]) => Buffer.concat([signature, ...chunks, chunk('IEND', Buffer.alloc(0))]);

const gif = (frames: readonly Buffer[]) => {
  const screen = Buffer.from('474946383961040004008000000000000000ffffff', 'hex').subarray(0, 19);
  return Buffer.concat([screen, ...frames, Buffer.from([0x3b])]);
};
const frame = (width: number, height: number, codes: readonly number[]) => {
  const place = Buffer.from([0x2c, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  place.writeUInt16LE(width, 5);
  place.writeUInt16LE(height, 7);
  return Buffer.concat([place, Buffer.from([2, codes.length, ...codes, 0])]);
};
const cutShort = gif([frame(4, 4, [0x04, 0x05])]);

describe('an image that means harm', function () {
  this.timeout(60_000);

  it('does not unpack to more than its header tells of', async () => {
    assert.match(await refusal(png(head(10, 10), pixels(100_000_000))), /cannot be unpacked/);
  });

  it('has one header', async () => {
    const two = png(head(10, 10), head(8000, 8000), pixels(10));
    assert.match(await refusal(two), /two headers/);
  });

  it('has nothing unpacked that is not its picture', () => {
    const profile = Buffer.concat([Buffer.from('p\0\0'), deflateSync(Buffer.alloc(100_000_000))]);
    const bytes = png(head(10, 10), chunk('iCCP', profile), chunk('zTXt', profile), pixels(310));
    const header = readHeader(bytes);
    assert.deepEqual(header && Buffer.from(plainPng(bytes, header)), png(head(10, 10), pixels(310)));
  });

  it('is not as thin as a line without end', async () => {
    assert.match(await refusal(png(head(30_000_000, 1), pixels(10))), /too large/);
  });

  it('has no picture larger than itself', async () => {
    assert.match(await refusal(gif([frame(65_535, 65_535, [0x04, 0x05])])), /too large/);
    const large = jpeg.encode({ width: 2000, height: 2000, data: new Uint8Array(16_000_000) }, 10).data;
    const start = large.indexOf(Buffer.from([0xff, 0xc0]));
    const frameHead = Buffer.from(large.subarray(start, start + 19));
    frameHead.writeUInt16BE(8, 5);
    frameHead.writeUInt16BE(8, 7);
    const smallFirst = Buffer.concat([large.subarray(0, start), frameHead, large.subarray(start)]);
    assert.match(await refusal(smallFirst), /damaged/);
  });

  it('is drawn from its first picture, however many follow', async () => {
    const full = [0x84, 0x8f, 0xa9, 0xcb, 0xed, 0xa2, 0x05];
    assert.equal(await refusal(gif(Array.from({ length: 10_000 }, () => frame(4, 4, full)))), 'drawn');
  });

  it('is none where it is text, has no size, or ends too early', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
    for (const bytes of [svg, png(head(0, 0)), signature, Buffer.alloc(0), Buffer.from('GIF89a')]) {
      assert.match(await refusal(bytes), /no PNG, JPEG, GIF or WebP/);
    }
  });

  it('prints nothing where a client may be listening', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'butler-image-'));
    const place = JSON.stringify(new URL('images.ts', import.meta.url).href);
    const program = `
      const { createImages } = await import(${place});
      const bytes = Buffer.from('${cutShort.toString('base64')}', 'base64');
      for (let nth = 0; nth < 3; nth++) console.log((await createImages().shrink(bytes)).ok);`;
    try {
      const file = path.join(folder, 'surface.mjs');
      await writeFile(file, program);
      const { stdout } = await promisify(execFile)(process.execPath, [file]);
      assert.equal(stdout, 'true\ntrue\ntrue\n');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
