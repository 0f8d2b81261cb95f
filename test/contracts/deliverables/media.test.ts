import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { type Reach, reach } from '../../../server/adapters/deliverables/bytes.ts';
import { probe } from '../../../server/adapters/deliverables/media/probes.ts';
import type { Blobs } from '../../../server/core/ports/store.ts';

/** What ffprobe says of the same files. */
const told: Readonly<Record<string, object>> = {
  'a.png': { form: 'PNG', kind: 'image', width: 32, height: 18 },
  'a.jpg': { form: 'JPEG', kind: 'image', width: 32, height: 18 },
  'a.gif': { form: 'GIF', kind: 'image', width: 32, height: 18 },
  'a.webp': { form: 'WebP', kind: 'image', width: 32, height: 18 },
  'a.mp4': { form: 'MP4', kind: 'video', width: 32, height: 18, seconds: 2 },
  'a.mov': { form: 'MP4', kind: 'video', width: 32, height: 18, seconds: 2 },
  'a.m4a': { form: 'MP4', kind: 'audio', seconds: 2 },
  'a.webm': { form: 'WebM', kind: 'video', width: 32, height: 18, seconds: 2 },
  'sound.webm': { form: 'WebM', kind: 'audio', seconds: 2.008 },
  'a.mp3': { form: 'MP3', kind: 'audio', seconds: 2.16 },
  'a.wav': { form: 'WAV', kind: 'audio', seconds: 0.25 },
  'a.flac': { form: 'FLAC', kind: 'audio', seconds: 0.25 },
  'a.opus': { form: 'Ogg', kind: 'audio', seconds: 2.0065 },
  'a.ogg': { form: 'Ogg', kind: 'audio', seconds: 2 },
};
/** Forms that do not say how long they are, or that are whole wherever they end. */
const endless = ['a.flac', 'a.mp3'];

describe('what a medium says of itself', () => {
  for (const [name, medium] of Object.entries(told)) {
    it(`is read from ${name}, and that it was cut is seen`, async () => {
      const bytes = await readFile(path.join(import.meta.dirname, 'media', name));
      assert.deepEqual(await probe(reachOf(bytes)), medium);
      if (endless.includes(name)) return;
      const half = await probe(reachOf(bytes.subarray(0, bytes.length >> 1)));
      assert.match(half?.fault ?? '', /ends before it is whole/);
    });
  }

  it('is nothing where the bytes are anything else, whatever they are', async () => {
    const files = await Promise.all(
      Object.keys(told).map((name) => readFile(path.join(import.meta.dirname, 'media', name))),
    );
    assert.equal(await probe(reachOf(Buffer.from('some text that is no medium at all'.repeat(10)))), null);
    assert.equal(await probe(reachOf(Buffer.alloc(0))), null);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 30 }),
        fc.nat(),
        async (file, changes, length) => {
          const bytes = Buffer.from(file.subarray(0, length % (file.length + 1)));
          for (const [at, byte] of changes)
            if (bytes.length > 0) bytes[at % Math.min(400, bytes.length)] = byte;
          const medium = await probe(reachOf(bytes));
          for (const value of [medium?.seconds, medium?.width, medium?.height]) {
            assert.ok(value === undefined || (Number.isFinite(value) && value >= 0));
          }
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('is read without reading what lies between', async () => {
    const index = await readFile(path.join(import.meta.dirname, 'media/a.mp4'));
    const long = 4 * 1024 * 1024 * 1024;
    const hole = Buffer.alloc(16);
    hole.writeUInt32BE(1, 0);
    hole.write('free', 4);
    hole.writeBigUInt64BE(BigInt(long), 8);
    let read = 0;
    const file: Reach = {
      size: index.length + long,
      read: async (from, length) => {
        read += length;
        const start = index.readUInt32BE(0);
        if (from < start) return viewOf(index.subarray(from, Math.min(start, from + length)));
        if (from < start + long) return viewOf(hole.subarray(from - start, from - start + length));
        return viewOf(index.subarray(from - long, from - long + length));
      },
    };
    assert.deepEqual(await probe(file), told['a.mp4']);
    assert.ok(read < 8 * 1024 * 1024);
  });

  it('is read with few reads of the store, and what is in many pieces is not called broken', async () => {
    const film = await readFile(path.join(import.meta.dirname, 'media/a.mp4'));
    const free = Buffer.from([0, 0, 0, 8, ...Buffer.from('free')]);
    const bytes = Buffer.concat([film, ...Array.from({ length: 20_000 }, () => free)]);
    let opened = 0;
    const open: Blobs['open'] = async (_, from = 0) => {
      opened++;
      return Readable.from([bytes.subarray(from)]);
    };
    const file = { path: 'a.mp4', digest: '', size: bytes.length, mime: 'video/mp4' };
    const { signal } = new AbortController();
    assert.deepEqual(await probe(reach(file, { open }, signal)), told['a.mp4']);
    assert.ok(opened < 5, `${opened} reads`);
  });
});

function reachOf(bytes: Buffer): Reach {
  return { size: bytes.length, read: async (from, length) => viewOf(bytes.subarray(from, from + length)) };
}

function viewOf(bytes: Uint8Array): DataView {
  const own = Uint8Array.from(bytes);
  return new DataView(own.buffer);
}
