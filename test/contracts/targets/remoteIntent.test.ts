import assert from 'node:assert/strict';
import { endPublication } from '../../../server/adapters/targets/remote/endPublication.ts';
import { publishInto } from '../../../server/adapters/targets/remote/publishing.ts';
import type { RemoteFolder } from '../../../server/adapters/targets/remote/remoteFolder.ts';
import { RemoteUndo } from '../../../server/adapters/targets/remote/remoteRecord.ts';
import { takeBackFrom } from '../../../server/adapters/targets/remote/takeBack.ts';
import { TargetFault, unlessRefused } from '../../../server/adapters/targets/targetFault.ts';
import { webdav } from '../../../server/adapters/targets/webdav.ts';
import type { Parcel, Target, TargetContext } from '../../../server/core/ports/target.ts';
import { failures, good, type Outcome } from '../../../server/protocol/failure.ts';
import { type Ground, kindOf, value } from '../tools/ground.ts';
import { davSpots } from './davSpots.ts';
import { dyingFolder } from './dyingFolder.ts';
import { parcelOf } from './parcels.ts';
import { looksLike, type Spot } from './remoteCase.ts';

const target = webdav as Target;

describe('what is said of a publication in a folder elsewhere, where it dies while it says so', function () {
  this.timeout(60_000);
  const { inSpot, open } = davSpots();

  it('is not lost by one who ends it: the next one does, and it is taken back to what stood before', () =>
    published(async (given) => {
      await die(given, publishing, dying('rename z.html'));
      await die(given, ending, tearing);
      await isEnded(given);
    }));

  it('is not lost by one who takes it back: the next one ends that', () =>
    published(async (given) => {
      const { spot, first, second, context } = given;
      const undo = RemoteUndo.parse(value(await target.publish(second, spot.config, context)).undo);
      const back: Work = (folder, _, its) => takeBackFrom(folder, undo, its);
      await die(given, back, dying('rename z.html'));
      await die(given, back, tearing);
      value(await target.unpublish(undo, spot.context()));
      assert.deepEqual(await spot.standing(), looksLike(first));
      assert.deepEqual(await spot.traces(), []);
    }));

  for (const [way, go] of Object.entries({
    'ended by the same': isEnded,
    'taken back by another': isSwept,
  })) {
    it(`is ${way}, where the server takes the old mark away before it renames the new`, () =>
      published(async (given) => {
        await die(given, publishing, roomMaking('.butler-publish.json'));
        await go(given);
      }));

    it(`is ${way}, where the server takes the old intent away before it renames the new`, () =>
      published(async (given) => {
        await die(given, publishing, dying('rename z.html'));
        await die(given, ending, roomMaking(`.butler-publish-${given.context.execution}.json`));
        await go(given);
      }));
  }

  /** A spot where one publication stands and another is to come. */
  const published = (test: (given: Given) => Promise<void>) =>
    inSpot(async (spot, ground) => {
      const first = await parcelOf(ground, { 'gone.txt': 'gone', 'y.txt': 'old', 'z.html': 'zero' });
      const second = await parcelOf(ground, { 'new.txt': 'new', 'y.txt': 'y', 'z.html': 'new' });
      value(await target.publish(first, spot.config, spot.context()));
      await test({ ground, spot, first, second, context: spot.context() });
    });

  /** Works in the folder as it is with a change, which keeps it from its end. */
  async function die({ spot, second, context }: Given, work: Work, change: Change): Promise<void> {
    const folder = await open(spot);
    const rest = context.signal;
    const outcome = await unlessRefused(() => work(change(folder), second, { ...context, rest }));
    assert.equal(kindOf(outcome), 'offline');
    await folder.close();
  }
});

interface Given {
  readonly ground: Ground;
  readonly spot: Spot;
  readonly first: Parcel;
  readonly second: Parcel;
  /** Of the one that dies. */
  readonly context: TargetContext;
}

type Change = (folder: RemoteFolder) => RemoteFolder;
type Work = (
  folder: RemoteFolder,
  parcel: Parcel,
  context: TargetContext & { readonly rest: AbortSignal },
) => Promise<Outcome<unknown>>;

const publishing: Work = publishInto;
const ending: Work = async (folder, parcel, context) => good(await endPublication(folder, parcel, context));

async function isEnded({ spot, first, second, context }: Given): Promise<void> {
  const found = await target.reconcile(second, spot.config, context);
  assert.ok(found);
  await isWhole(spot, second, found.undo, first);
}

async function isSwept({ ground, spot, first }: Given): Promise<void> {
  const third = await parcelOf(ground, { 'third.txt': 'third' });
  const later = spot.context({ now: () => 3_600_000 });
  const { undo } = value(await target.publish(third, spot.config, later));
  await isWhole(spot, third, undo, first);
}

async function isWhole(spot: Spot, parcel: Parcel, undo: unknown, before: Parcel): Promise<void> {
  assert.deepEqual(await spot.standing(), looksLike(parcel));
  assert.deepEqual(await spot.traces(), []);
  value(await target.unpublish(undo, spot.context({ now: () => 3_600_000 })));
  assert.deepEqual(await spot.standing(), looksLike(before));
  assert.deepEqual(await spot.traces(), []);
}

function dying(at: string): Change {
  return (folder) => dyingFolder(folder, (act) => (act === at ? 'dies' : 'goes on'));
}

/** A folder in which nothing takes the place of that file: it goes away first, and then nobody gets through any more. */
function roomMaking(name: string): Change {
  return (folder) => {
    let made = false;
    const gone = dyingFolder(folder, () => (made ? 'dies' : 'goes on'));
    return {
      ...gone,
      rename: async (from, to, signal) => {
        if (to === name && !made) await folder.remove(to, signal);
        made ||= to === name;
        return gone.rename(from, to, signal);
      },
    };
  };
}

/** A folder in which the first file that is written stays empty, for nobody gets through any more. */
function tearing(folder: RemoteFolder): RemoteFolder {
  let torn = false;
  const gone = dyingFolder(folder, () => (torn ? 'dies' : 'goes on'));
  return {
    ...gone,
    write: async (name, bytes, transfer) => {
      if (torn) return gone.write(name, bytes, transfer);
      torn = true;
      await folder.write(name, { ...bytes, size: 0, open: async () => nothing() }, transfer);
      throw new TargetFault(failures.offline('The server is out of reach.'));
    },
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
