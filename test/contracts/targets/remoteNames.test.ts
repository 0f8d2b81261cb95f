import assert from 'node:assert/strict';
import { folded } from '../../../server/adapters/targets/parcelNames.ts';
import { publishInto } from '../../../server/adapters/targets/remote/publishing.ts';
import type { RemoteFolder } from '../../../server/adapters/targets/remote/remoteFolder.ts';
import { takeBackFrom } from '../../../server/adapters/targets/remote/takeBack.ts';
import type { TargetContext } from '../../../server/core/ports/target.ts';
import { type Ground, kindOf, value } from '../tools/ground.ts';
import { davSpots } from './davSpots.ts';
import { parcelOf } from './parcels.ts';
import { digestOf, looksLike, type Spot } from './remoteCase.ts';

describe('a server elsewhere that tells neither case nor the form of accents apart', () => {
  const dav = davSpots();
  const inSpot = (work: (spot: Spot, ground: Ground, folder: RemoteFolder) => Promise<void>) =>
    dav.inSpot(async (spot, ground) => {
      const folder = await dav.open(spot);
      await work(spot, ground, folding(folder));
      await folder.close();
    });
  const remote = (context: TargetContext) => ({ ...context, rest: context.signal });

  for (const [theirs, ours] of [
    ['Index.html', 'index.html'],
    ['caf\u0065\u0301.html', 'caf\u00e9.html'],
    ['Img/Logo.png', 'img/logo.png'],
  ] as const) {
    it(`keeps ${theirs} of a person where ${ours} would be published`, () =>
      inSpot(async (spot, ground, folder) => {
        await dav.put(spot.folder, theirs, 'by a person');
        const parcel = await parcelOf(ground, { [ours]: 'ours' });
        const outcome = await publishInto(folder, parcel, remote(spot.context()));
        assert.deepEqual(await spot.standing(), { [theirs]: digestOf('by a person') });
        assert.equal(kindOf(outcome), 'conflict');
        assert.deepEqual(await spot.traces(), []);
      }));
  }

  it('has a file under its new name where only case or accents of it changed, and under the former when that is taken back', () =>
    inSpot(async (spot, ground, folder) => {
      const first = await parcelOf(ground, { 'Index.html': 'one', 'a.txt': 'a' });
      value(await publishInto(folder, first, remote(spot.context())));
      const second = await parcelOf(ground, { 'index.html': 'two', 'a.txt': 'a' });
      const context = spot.context();
      const { marker } = value(await publishInto(folder, second, remote(context)));
      assert.deepEqual(await spot.standing(), looksLike(second));
      const undo = { execution: context.execution, config: {}, undo: marker.undo };
      value(await takeBackFrom(folder, undo, remote(context)));
      assert.deepEqual(await spot.standing(), looksLike(first));
    }));
});

/** The same folder on a disk on which a name means any other that differs from it in case or accents only. */
function folding(folder: RemoteFolder): RemoteFolder {
  const standing = async (name: string, signal: AbortSignal): Promise<string> => {
    const { files = [] } = (await folder.list({ signal })) ?? {};
    return files.find((file) => folded(file.path) === folded(name))?.path ?? name;
  };
  return {
    ...folder,
    read: async (name, signal) => folder.read(await standing(name, signal), signal),
    write: async (name, bytes, transfer) =>
      folder.write(await standing(name, transfer.signal), bytes, transfer),
    rename: async (from, to, signal) => folder.rename(from, await standing(to, signal), signal),
    remove: async (name, signal) => folder.remove(await standing(name, signal), signal),
  };
}
