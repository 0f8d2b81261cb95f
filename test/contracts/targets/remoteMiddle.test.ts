import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { publishInto } from '../../../server/adapters/targets/remote/publishing.ts';
import type { RemoteFolder } from '../../../server/adapters/targets/remote/remoteFolder.ts';
import { soonAfter } from '../../../server/adapters/targets/soonAfter.ts';
import { TargetFault } from '../../../server/adapters/targets/targetFault.ts';
import { webdav } from '../../../server/adapters/targets/webdav.ts';
import type { Parcel, Target, TargetContext } from '../../../server/core/ports/target.ts';
import { failures } from '../../../server/protocol/failure.ts';
import { type Ground, kindOf, makeGround, value } from '../tools/ground.ts';
import { davSpots } from './davSpots.ts';
import { dyingFolder, silentFolder } from './dyingFolder.ts';
import { parcelOf } from './parcels.ts';
import { digestOf, looksLike, type Spot } from './remoteCase.ts';

const hour = 3_600_000;
const target = webdav as Target;

describe('a publication that stayed in its middle in a folder elsewhere', function () {
  this.timeout(60_000);
  const { inSpot, spotIn, open, put } = davSpots();

  /** Publishes into the folder of a spot until an act of which `dies` says so. */
  const dieIn = async (
    spot: Spot,
    parcel: Parcel,
    context: TargetContext,
    dies: (act: string) => boolean,
  ) => {
    const folder = await open(spot);
    const dying: RemoteFolder = dyingFolder(folder, (act) => (dies(act) ? 'dies' : 'goes on'));
    const outcome = await publishInto(dying, parcel, { ...context, rest: context.signal });
    await folder.close();
    return outcome;
  };
  const parcelsIn = async (ground: Ground) => ({
    first: await parcelOf(ground, { a: 'file', 'gone.txt': 'gone', 'z.html': 'zero' }),
    second: await parcelOf(ground, { 'a/x.txt': 'folder', 'y.txt': 'y', 'z.html': 'new' }),
    third: await parcelOf(ground, { a: 'file', 'third.txt': 'third' }),
  });
  /** A spot in which the second publication stayed in its middle, after the folder took the place of the file. */
  const inMiddle = (work: (dead: Dead) => Promise<void>) =>
    inSpot(async (spot, ground) => {
      const { first, second, third } = await parcelsIn(ground);
      value(await target.publish(first, spot.config, spot.context()));
      const context = spot.context();
      const outcome = await dieIn(spot, second, context, (act) => act === 'rename z.html');
      assert.equal(kindOf(outcome), 'offline', JSON.stringify(outcome));
      await work({ ground, spot, first, second, third, context });
    });

  it('is whole or gone when it is asked for again, at whichever act the server went out of reach', () =>
    inSpot(async (_, ground) => {
      const { first, second } = await parcelsIn(ground);
      for (let last = 0, isOver = false; !isOver; last++) {
        const spot = spotIn(ground);
        value(await target.publish(first, spot.config, spot.context()));
        const context = spot.context();
        let acts = 0;
        const outcome = await dieIn(spot, second, context, () => acts++ === last);
        isOver = acts <= last;
        const found = await target.reconcile(second, spot.config, context);
        assert.equal(found !== null || outcome.ok, await isLike(spot, second), `act ${last}`);
        if (!found) assert.deepEqual(await spot.standing(), looksLike(first), `act ${last}`);
        assert.deepEqual(await spot.traces(), [], `act ${last}`);
      }
    }));

  it('goes back to its beginning where taking back was cut off too, whether it bore its mark already or not', () =>
    inSpot(async (spot, ground) => {
      const { first, second } = await parcelsIn(ground);
      value(await target.publish(first, spot.config, spot.context()));
      const context = spot.context();
      const folder = await open(spot);
      let removals = 0;
      const dying = dyingFolder(folder, (act) =>
        act === 'remove y.txt' && removals++ === 0 ? 'dies' : 'goes on',
      );
      const marked: RemoteFolder = {
        ...dying,
        rename: async (from, to, signal) => {
          const done = await dying.rename(from, to, signal);
          // The mark is there when the folder says no: all was done, and all is taken back.
          if (to === '.butler-publish.json' && removals === 0)
            throw new TargetFault(failures.denied('No.', 'Ask.'));
          return done;
        },
      };
      const outcome = await publishInto(marked, second, { ...context, rest: context.signal });
      assert.equal(kindOf(outcome), 'offline', JSON.stringify(outcome));
      assert.equal(await target.reconcile(second, spot.config, context), null);
      assert.deepEqual(await spot.standing(), looksLike(first));
      assert.deepEqual(await spot.traces(), []);
    }));

  it('keeps nobody waiting who called it off, and says what it left, when the server says nothing any more', () =>
    inSpot(async (spot, ground) => {
      const { first, second } = await parcelsIn(ground);
      value(await target.publish(first, spot.config, spot.context()));
      const abort = new AbortController();
      const context = spot.context({ signal: abort.signal });
      const folder = await open(spot);
      const silent = silentFolder(folder, (act) => {
        if (act !== 'rename z.html') return false;
        abort.abort();
        return true;
      });
      using rest = soonAfter(abort.signal, 50);
      const outcome = await publishInto(silent, second, { ...context, rest: rest.signal });
      assert.ok(!outcome.ok && outcome.failure.kind === 'cancelled', JSON.stringify(outcome));
      assert.match(outcome.failure.what, /could not be put back at once/);
      const found = await target.reconcile(
        second,
        spot.config,
        spot.context({ execution: context.execution }),
      );
      assert.ok(found);
      assert.deepEqual(await spot.standing(), looksLike(second));
    }));

  it('holds others off however long it takes while it is at work', () =>
    inSpot(async (spot, ground) => {
      const { first, second, third } = await parcelsIn(ground);
      value(await target.publish(first, spot.config, spot.context()));
      let now = 1;
      const context = spot.context({ now: () => now });
      const folder = await open(spot);
      const others: string[] = [];
      const slow: RemoteFolder = {
        ...folder,
        rename: async (from, to, signal) => {
          if (!to.startsWith('.butler-publish-')) now += 300_000;
          const other = spot.context({ now: () => now });
          if (to === 'z.html') others.push(kindOf(await target.publish(third, spot.config, other)));
          return folder.rename(from, to, signal);
        },
      };
      value(await publishInto(slow, second, { ...context, rest: context.signal }));
      await folder.close();
      assert.deepEqual(others, ['conflict']);
      assert.deepEqual(await spot.standing(), looksLike(second));
    }));

  it('is taken back by the next one, who says so before: each file that changes, as part of what is approved', () =>
    inMiddle(async ({ spot, first, third, context }) => {
      for (const name of ['u0', 'u1', 'u2'])
        await put(spot.folder, `.butler-publish-${context.execution}/${name}`, 'xx');
      const later = spot.context({ now: () => hour });
      const plan = value(await target.plan(third, spot.config, later));
      const told = Object.fromEntries(plan.preview.files.map((file) => [file.path, file.change]));
      assert.deepEqual(told, {
        a: 'unchanged',
        'third.txt': 'create',
        'gone.txt': 'delete',
        'z.html': 'delete',
        'a/x.txt': 'delete',
        'y.txt': 'delete',
      });
      assert.match(JSON.stringify(plan.preview.notes), /cut off there, and is taken back first/);
      assert.ok(JSON.stringify(plan.exactly).includes(context.execution));
      const { undo } = value(await target.publish(third, spot.config, later));
      assert.deepEqual(await spot.standing(), looksLike(third));
      assert.deepEqual(await spot.traces(), []);
      value(await target.unpublish(undo, spot.context({ now: () => hour })));
      assert.deepEqual(await spot.standing(), looksLike(first));
    }));

  it('is ended or taken back, but never mixed, when one does the one and another the other at once', async () => {
    for (let round = 0; round < 3; round++) {
      await inMiddle(async ({ spot, first, second, third, context }) => {
        const later = { now: () => hour };
        await Promise.allSettled([
          target.reconcile(second, spot.config, { ...context, ...later }),
          target.publish(third, spot.config, spot.context(later)),
        ]);
        const again = { ...context, now: () => 2 * hour };
        const found = await target.reconcile(second, spot.config, again);
        const stands = await spot.standing();
        const whole = [first, second, third].find((parcel) => isDeepStrictEqual(looksLike(parcel), stands));
        assert.ok(whole, JSON.stringify(stands));
        if (found) assert.equal(whole, second);
      });
    }
  });

  it('is left as it is where a person put a file into a folder that must become a file again', () =>
    inMiddle(async ({ spot, third }) => {
      await put(spot.folder, 'a/mine.txt', 'mine');
      const before = await spot.standing();
      const later = spot.context({ now: () => hour });
      assert.equal(kindOf(await target.plan(third, spot.config, later)), 'conflict');
      assert.equal(kindOf(await target.publish(third, spot.config, later)), 'conflict');
      assert.deepEqual(await spot.standing(), before);
      assert.equal(before['a/mine.txt'], digestOf('mine'));
    }));

  it('is not taken back by the next one over what a person changed after the look', () =>
    inMiddle(async ({ spot, ground, third }) => {
      const { blobs } = ground;
      const open: typeof blobs.open = async (digest, from) => {
        await put(spot.folder, 'y.txt', 'by a person just now');
        return blobs.open(digest, from);
      };
      const later = spot.context({ now: () => hour, blobs: { ...blobs, open } });
      assert.equal(kindOf(await target.publish(third, spot.config, later)), 'conflict');
      assert.equal((await spot.standing())['y.txt'], digestOf('by a person just now'));
    }));

  it('stays, and the next one says so, where the store no longer knows how it was', () =>
    inMiddle(async ({ spot, ground }) => {
      await using empty = await makeGround();
      const { blobs } = empty;
      const later = spot.context({ now: () => hour, blobs });
      const other = await parcelOf(ground, { 'other.txt': 'other' });
      const plan = value(await target.plan(other, spot.config, later));
      assert.match(JSON.stringify(plan.preview.notes), /no longer knows how to take it back/);
    }));
});

interface Dead {
  readonly ground: Ground;
  readonly spot: Spot;
  readonly first: Parcel;
  readonly second: Parcel;
  readonly third: Parcel;
  /** The context of the publication that stayed in its middle. */
  readonly context: TargetContext;
}

async function isLike(spot: Spot, parcel: Parcel): Promise<boolean> {
  return isDeepStrictEqual(await spot.standing(), looksLike(parcel));
}
