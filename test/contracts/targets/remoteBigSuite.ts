import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { Parcel } from '../../../server/core/ports/target.ts';
import { skipBecause } from '../../run/countReporter.ts';
import { makeGround, value } from '../tools/ground.ts';
import { looksLike, type RemoteCase, type RemoteServer, spotOf } from './remoteCase.ts';

const mebibyte = 1024 * 1024;
const mebibytes = 1024;

/** One file of a gibibyte, when the longest runs are asked for. */
export function remoteBigSuite(one: RemoteCase, serverNow: () => RemoteServer): void {
  it('publishes a gibibyte and takes it back while its memory stays flat', async function () {
    if (!process.env.BUTLER_BIG) skipBecause(this, 'it takes minutes; BUTLER_BIG=1 asks for it');
    this.timeout(1_800_000);
    await using ground = await makeGround();
    const spot = spotOf(one, serverNow(), ground);
    const parcelOf = async (): Promise<Parcel> => {
      const kept = await ground.blobs.putAll(large());
      return {
        deliverable: 'large',
        title: 'Large',
        files: [{ path: 'large.bin', ...kept, mime: 'application/octet-stream' }],
      };
    };
    const first = await parcelOf();
    const second = await parcelOf();
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    let most = before;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss);
    }, 50);
    const context = spot.context();
    value(await one.target.publish(first, spot.config, context));
    const { undo } = value(await one.target.publish(second, spot.config, spot.context()));
    value(await one.target.unpublish(undo, spot.context()));
    clearInterval(watch);
    assert.deepEqual(await spot.standing(), looksLike(first));
    const grown = Math.round((most - before) / mebibyte);
    console.log(`      ${one.name}: memory grew by ${grown} MiB at most`);
    assert.ok(grown < 256, `${grown} MiB`);
  });
}

async function* large(): AsyncGenerator<Uint8Array> {
  const piece = randomBytes(mebibyte);
  for (let index = 0; index < mebibytes; index++) {
    piece.writeUInt32BE(index);
    yield Buffer.from(piece);
  }
}
