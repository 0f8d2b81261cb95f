import assert from 'node:assert/strict';
import path from 'node:path';
import { killCount } from '../../support/killCount.ts';
import { makeGround, value } from '../tools/ground.ts';
import { playDeaths } from './deaths.ts';
import { parcelOf } from './parcels.ts';
import { looksLike, type RemoteCase, type RemoteServer, spotOf } from './remoteCase.ts';

/** The publication whose process dies at as many moments as usual, or as BUTLER_KILLS asks for. */
export function diesAnywhere(one: RemoteCase, serverNow: () => RemoteServer, usual: number): void {
  const { target } = one;
  const kills = killCount(usual);

  it('is published once or not at all when its process is killed at any moment, and taken back wholly', async function () {
    this.timeout(60_000 + kills * 30_000);
    await using ground = await makeGround();
    const server = serverNow();
    const first = await parcelOf(ground, { 'index.html': 'zero', 'gone.txt': 'gone', 'same.txt': 'same' });
    const texts: Record<string, string> = { 'index.html': 'new', 'same.txt': 'same' };
    for (let index = 0; index < 10; index++) texts[`d/f${index}.txt`] = `file ${index} `.repeat(500);
    const parcel = await parcelOf(ground, texts);
    await playDeaths(kills, async (round) => {
      const spot = spotOf(one, server, ground);
      await server.put(spot.folder, 'CNAME', 'mine');
      value(await target.publish(first, spot.config, spot.context()));
      const before = await spot.standing();
      const { CNAME = '' } = before;
      return {
        target,
        config: spot.config,
        parcel,
        context: spot.context(),
        given: { credential: server.credential, blobs: path.join(ground.workspace, '../own') },
        settled: async () => server.settled?.(),
        isRight: async (stands) => {
          const wanted = stands ? { ...looksLike(parcel), CNAME } : before;
          assert.deepEqual(await spot.standing(), wanted, `round ${round}`);
          assert.deepEqual(await spot.traces(), []);
        },
      };
    });
  });
}
