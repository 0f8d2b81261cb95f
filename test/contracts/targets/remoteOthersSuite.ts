import assert from 'node:assert/strict';
import { skipBecause } from '../../run/countReporter.ts';
import { type Ground, kindOf, makeGround, value } from '../tools/ground.ts';
import { parcelOf } from './parcels.ts';
import { digestOf, looksLike, type RemoteCase, type RemoteServer, type Spot, spotOf } from './remoteCase.ts';

const hour = 3_600_000;

/** What a publication, its end and its taking back must not do to what others put there, or do there at the same time. */
export function remoteOthersSuite(one: RemoteCase, serverNow: () => RemoteServer): void {
  const { target } = one;
  const inSpot = async (work: (spot: Spot, ground: Ground) => Promise<void>) => {
    await using ground = await makeGround();
    await work(spotOf(one, serverNow(), ground), ground);
  };

  it('takes nothing back where a person put a file into a folder that must become a file again', () =>
    inSpot(async (spot, ground) => {
      const first = await parcelOf(ground, { a: 'file', 'same.txt': 'same' });
      value(await target.publish(first, spot.config, spot.context()));
      const second = await parcelOf(ground, { 'a/x.txt': 'folder', 'same.txt': 'same' });
      const { undo } = value(await target.publish(second, spot.config, spot.context()));
      await serverNow().put(spot.folder, 'a/mine.txt', 'mine');
      const stands = await spot.standing();
      const outcome = await target.unpublish(undo, spot.context());
      assert.equal(kindOf(outcome), one.flat ? 'ok' : 'conflict', JSON.stringify(outcome));
      const mine = { 'a/mine.txt': digestOf('mine') };
      assert.deepEqual(await spot.standing(), one.flat ? { ...looksLike(first), ...mine } : stands);
      assert.deepEqual(await spot.traces(), []);
    }));

  it('writes over nothing that a person changed after the look', () =>
    inSpot(async (spot, ground) => {
      const first = await parcelOf(ground, { 'index.html': 'one', 'old.txt': 'old' });
      value(await target.publish(first, spot.config, spot.context()));
      const second = await parcelOf(ground, { 'index.html': 'two' });
      const { blobs } = ground;
      const put: typeof blobs.put = async (bytes) => {
        await serverNow().put(spot.folder, 'index.html', 'by a person just now');
        return blobs.put(bytes);
      };
      const outcome = await target.publish(second, spot.config, spot.context({ blobs: { ...blobs, put } }));
      assert.equal(kindOf(outcome), 'conflict', JSON.stringify(outcome));
      const old = looksLike(first)['old.txt'];
      assert.deepEqual(await spot.standing(), {
        'index.html': digestOf('by a person just now'),
        'old.txt': old,
      });
      assert.deepEqual(await spot.traces(), []);
    }));

  it('takes nothing back over what a person changed after the look', () =>
    inSpot(async (spot, ground) => {
      const first = await parcelOf(ground, { 'index.html': 'one', 'old.txt': 'old' });
      value(await target.publish(first, spot.config, spot.context()));
      const second = await parcelOf(ground, { 'index.html': 'two' });
      const { undo } = value(await target.publish(second, spot.config, spot.context()));
      const { blobs } = ground;
      const open: typeof blobs.open = async (digest, from) => {
        await serverNow().put(spot.folder, 'index.html', 'by a person just now');
        return blobs.open(digest, from);
      };
      const outcome = await target.unpublish(undo, spot.context({ blobs: { ...blobs, open } }));
      assert.equal(kindOf(outcome), 'conflict', JSON.stringify(outcome));
      assert.deepEqual(await spot.standing(), { 'index.html': digestOf('by a person just now') });
      assert.deepEqual(await spot.traces(), []);
    }));

  it('leaves what stands there to who took over while its machine slept', async function () {
    if (one.late) skipBecause(this, one.late);
    await inSpot(async (spot, ground) => {
      const first = await parcelOf(ground, { 'index.html': 'zero', 'gone.txt': 'gone' });
      value(await target.publish(first, spot.config, spot.context({ now: () => 1 })));
      const slept = await parcelOf(ground, { 'index.html': 'slept', 'a.txt': 'slept' });
      const other = await parcelOf(ground, { 'index.html': 'other', 'b.txt': 'other' });
      const { blobs } = ground;
      let now = 1;
      const open: typeof blobs.open = async (digest, from) => {
        if (now === 1) {
          now = hour;
          value(await target.publish(other, spot.config, spot.context({ now: () => now })));
        }
        return blobs.open(digest, from);
      };
      const context = spot.context({ now: () => now, blobs: { ...blobs, open } });
      assert.equal(kindOf(await target.publish(slept, spot.config, context)), 'conflict');
      assert.deepEqual(await spot.standing(), looksLike(other));
    });
  });

  it('goes on with what a cut left there only where it is the beginning of the same bytes', async function () {
    if (one.late) skipBecause(this, one.late);
    await inSpot(async (spot, ground) => {
      const first = await parcelOf(ground, { 'a.txt': 'the first text', 'z.txt': 'last' });
      value(await target.publish(first, spot.config, spot.context()));
      const second = await parcelOf(ground, { 'a.txt': '2', 'z.txt': '2' });
      const { undo, publication } = value(await target.publish(second, spot.config, spot.context()));
      const { execution } = publication;
      const record = undo as { undo: string };
      const intent = { about: '', execution, does: 'undo', time: 1, undo: record.undo };
      const own = `.butler-publish-${execution}`;
      await serverNow().put(spot.folder, `${own}.json`, JSON.stringify(intent));
      for (const name of ['u0', 'u1']) await serverNow().put(spot.folder, `${own}/${name}`, 'xx');
      await serverNow().put(spot.folder, `${own}/u0-${first.files[0]?.digest.slice(0, 32)}`, 'the f');
      value(await target.unpublish(undo, spot.context()));
      assert.deepEqual(await spot.standing(), looksLike(first));
      assert.deepEqual(await spot.traces(), []);
    });
  });

  it('believes no intent that names the record of another publication', () =>
    inSpot(async (spot, ground) => {
      const elsewhere = spotOf(one, serverNow(), ground);
      const parcel = await parcelOf(ground, { 'index.html': 'one' });
      const published = value(await target.publish(parcel, elsewhere.config, elsewhere.context()));
      const { undo } = published.undo as { undo: string };
      await serverNow().put(spot.folder, 'index.html', 'theirs');
      const intent = { about: '', execution: 'copied', does: 'publish', time: 1, undo };
      await serverNow().put(spot.folder, '.butler-publish-copied.json', JSON.stringify(intent));
      const other = await parcelOf(ground, { 'other.txt': 'other' });
      value(await target.publish(other, spot.config, spot.context({ now: () => hour })));
      assert.deepEqual(await spot.standing(), { 'index.html': digestOf('theirs'), ...looksLike(other) });
    }));
}
