import assert from 'node:assert/strict';
import type { Parcel } from '../../../server/core/ports/target.ts';
import { skipBecause } from '../../run/countReporter.ts';
import { type Ground, makeGround, value } from '../tools/ground.ts';
import { watchMemory } from './memoryWatch.ts';
import { largeParcel, parcelOf } from './parcels.ts';
import { doorTo, looksLike, type RemoteCase, type RemoteServer, spotOf } from './remoteCase.ts';

const isLong = process.env.BUTLER_BIG !== undefined;
/** How many small files are published at once. */
const many = isLong ? 10_000 : 60;
/** How many folders they lie in. */
const folders = isLong ? 20 : 4;

/** Many files, of which then one changed; and one of a gibibyte, when the longest runs are asked for. */
export function remoteBigSuite(one: RemoteCase, serverNow: () => RemoteServer): void {
  const { name, target } = one;

  it('publishes many small files, and sends one when one changed', async function () {
    this.timeout(isLong ? 1_800_000 : 120_000);
    await using ground = await makeGround();
    await using door = await doorTo(serverNow());
    const spot = spotOf(one, serverNow(), ground, door.port);
    const texts: Record<string, string> = {};
    for (let index = 0; index < many; index++) texts[`d${index % folders}/f${index}.txt`] = `file ${index}`;
    const [first, second] = [await parcelOf(ground, texts), await parcelOf(ground, changedIn(texts))];
    const { blobs, read } = noting(ground);
    const timed = async (parcel: Parcel) => {
      using memory = watchMemory();
      const [begun, before] = [performance.now(), door.sent()];
      value(await target.publish(parcel, spot.config, spot.context({ blobs })));
      const seconds = (performance.now() - begun) / 1000;
      return { seconds, sent: door.sent() - before, grown: memory.grown() };
    };
    const all = await timed(first);
    assert.deepEqual(await spot.standing(), looksLike(first));
    read.clear();
    const delta = await timed(second);
    assert.deepEqual(await spot.standing(), looksLike(second));
    const sent = second.files.filter(({ digest }) => read.has(digest)).map(({ path }) => path);
    assert.deepEqual(sent, ['d0/f0.txt']);
    assert.ok(delta.sent < all.sent / 2, `${delta.sent} bytes after ${all.sent}`);
    const told = ({ seconds, sent, grown }: typeof all) =>
      `${seconds.toFixed(1)} s (${Math.round(sent / 1000)} kB sent, ${grown} MiB more)`;
    if (isLong) console.log(`      ${name}: ${many} files in ${told(all)}, one of them in ${told(delta)}`);
    // Ten thousand lines with TLS, one after another, leave the memory of the process in pieces: that is the room.
    assert.ok(all.grown < 384 && delta.grown < 256, `${all.grown} MiB, ${delta.grown} MiB`);
  });

  it('publishes a gibibyte and takes it back while its memory stays flat', async function () {
    if (!isLong) skipBecause(this, 'it takes minutes; BUTLER_BIG=1 asks for it');
    this.timeout(1_800_000);
    await using ground = await makeGround();
    const spot = spotOf(one, serverNow(), ground);
    const [first, second] = [await largeParcel(ground, 1024), await largeParcel(ground, 1024)];
    using memory = watchMemory();
    const begun = performance.now();
    const lap = () => Math.round((performance.now() - begun) / 1000);
    value(await target.publish(first, spot.config, spot.context()));
    const once = lap();
    const { undo } = value(await target.publish(second, spot.config, spot.context()));
    const twice = lap();
    value(await target.unpublish(undo, spot.context()));
    const grown = memory.grown();
    const figures = `sent in ${once} s, sent over it in ${twice - once} s, back in ${lap() - twice} s`;
    console.log(`      ${name}: ${figures}, ${grown} MiB more`);
    assert.deepEqual(await spot.standing(), looksLike(first));
    assert.ok(grown < 256, `${grown} MiB`);
  });
}

function changedIn(texts: Readonly<Record<string, string>>): Record<string, string> {
  return { ...texts, 'd0/f0.txt': 'changed' };
}

/** The same blobs, with a note of each that is read. */
function noting({ blobs }: Ground): { readonly blobs: Ground['blobs']; readonly read: Set<string> } {
  const read = new Set<string>();
  const open: typeof blobs.open = (digest, from) => {
    read.add(digest);
    return blobs.open(digest, from);
  };
  return { blobs: { ...blobs, open }, read };
}
