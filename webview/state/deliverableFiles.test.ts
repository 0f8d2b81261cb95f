import assert from 'node:assert/strict';
import { type Deliverable, longestPiece } from '../../server/protocol/deliverable.ts';
import { DeliverableReader } from './deliverableFiles.ts';
import type { Send } from './wire.ts';

const deliverable: Deliverable = {
  ...{ id: 'd', job: 'j', session: 's', ability: 'a', type: 'video', title: 'A film', metadata: {} },
  ...{ created: 0, published: null },
  files: [
    { path: 'film.mp4', digest: 'a'.repeat(64), size: 3 * longestPiece, mime: 'video/mp4' },
    { path: 'raw.mp4', digest: 'b'.repeat(64), size: 9 * longestPiece, mime: 'video/mp4' },
  ],
};
const piece = Buffer.alloc(longestPiece).toString('base64');

describe('a reader of a deliverable', () => {
  /** Answers every piece, after `hear` was told of it. */
  const reading = (hear: (asked: number) => void) => {
    const asked = { pieces: 0 };
    const send = (async () => {
      hear(++asked.pieces);
      return { ok: true, value: { mime: 'video/mp4', encoding: 'base64', content: piece } };
    }) as unknown as Send;
    return { asked, reader: new DeliverableReader(deliverable, send, 4 * longestPiece) };
  };

  it('asks for as many pieces as a file has, once', async () => {
    const { asked, reader } = reading(() => {});
    const loaded = await reader.load('film.mp4');
    assert.ok(loaded.ok);
    assert.equal(loaded.value.blob.size, 3 * longestPiece);
    const [first, second] = await Promise.all([reader.url('film.mp4'), reader.url('film.mp4')]);
    assert.equal(first, second);
    assert.equal(asked.pieces, 3);
    reader.close();
  });

  it('keeps no file out because another one is too much', async () => {
    const { asked, reader } = reading(() => {});
    assert.equal((await reader.load('raw.mp4')).ok, false);
    assert.equal(asked.pieces, 0);
    assert.ok((await reader.load('film.mp4')).ok);
  });

  it('reads no further once it is closed, and gives no address that nobody would let go of', async () => {
    const { asked, reader } = reading((pieces) => {
      if (pieces === 2) reader.close();
    });
    assert.equal(await reader.url('film.mp4'), null);
    assert.equal(asked.pieces, 2);
  });
});
