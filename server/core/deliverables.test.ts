import assert from 'node:assert/strict';
import { type Deliverable, longestPiece } from '../protocol/deliverable.ts';
import { readDeliverableFile } from './deliverables.ts';
import type { Store } from './ports/store.ts';

const digest = 'a'.repeat(64);
const whole = Uint8Array.from({ length: 2 * longestPiece + 5 }, (_, at) => at % 251);
const deliverable: Deliverable = {
  ...{ id: 'd', job: 'j', session: 's', ability: 'a', type: 'video', title: 'A film' },
  ...{ metadata: {}, created: 1, published: null },
  files: [{ path: 'film.txt', digest, size: whole.length, mime: 'text/plain' }],
};

/** A store in memory that gives a blob in pieces which fit no boundary. */
const store: Pick<Store, 'deliverable' | 'blobs'> = {
  deliverable: async (id) => (id === 'd' ? deliverable : null),
  blobs: {
    put: async () => digest,
    putAll: async () => ({ digest, size: 0 }),
    get: async (wanted) => (wanted === digest ? whole : null),
    open: async (wanted, from = 0) => (wanted === digest ? inPieces(from) : null),
  },
};

async function* inPieces(from: number): AsyncGenerator<Uint8Array> {
  for (let at = from; at < whole.length; at += 1_000_003) yield whole.subarray(at, at + 1_000_003);
}

describe('a file of a deliverable', () => {
  it('is read piece by piece, each as long as may be, and no piece is taken for text', async () => {
    const pieces: Uint8Array[] = [];
    for (let from = 0; ; from += longestPiece) {
      const read = await readDeliverableFile(store, { id: 'd', path: 'film.txt', from });
      assert.ok(read.ok && !read.value.text);
      pieces.push(read.value.bytes);
      if (read.value.bytes.length < longestPiece) break;
    }
    assert.deepEqual(
      pieces.map(({ length }) => length),
      [longestPiece, longestPiece, 5],
    );
    assert.ok(Buffer.concat(pieces).equals(whole));
    const beyond = await readDeliverableFile(store, { id: 'd', path: 'film.txt', from: whole.length + 1 });
    assert.equal(beyond.ok && beyond.value.bytes.length, 0);
  });

  it('that is not among its files is not read', async () => {
    const read = await readDeliverableFile(store, { id: 'd', path: '../film.txt', from: 0 });
    assert.ok(!read.ok && read.failure.kind === 'notFound');
  });
});
