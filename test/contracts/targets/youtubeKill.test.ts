import assert from 'node:assert/strict';
import path from 'node:path';
import type { Target } from '../../../server/core/ports/target.ts';
import { startYouTube } from '../../servers/youtubeServer.ts';
import { startFaultProxy } from '../../support/faultProxy.ts';
import { killCount } from '../../support/killCount.ts';
import { makeGround } from '../tools/ground.ts';
import { playDeaths } from './deaths.ts';
import { contextFor, credential, filmParcel, youtubeAt } from './youtubeGround.ts';

const kills = killCount(2);

describe('an upload to YouTube whose process is killed', function () {
  this.timeout(60_000 + kills * 10_000);

  it('becomes one video or none, goes on from where it stopped, and is taken back wholly', async () => {
    await using service = await startYouTube();
    await using door = await startFaultProxy({ port: service.port });
    await using ground = await makeGround();
    const channel = `http://127.0.0.1:${door.port}`;
    const target = youtubeAt(channel);
    await playDeaths(kills, async (round) => {
      const parcel = await filmParcel(ground.blobs, 2_500_000, { 'film.srt': 'words', 'thumbnail.png': 'x' });
      const size = parcel.files.reduce((sum, file) => sum + file.size, 30_000);
      /** It sends what is not there yet, and no more. */
      const reconcile: Target['reconcile'] = async (...given) => {
        const stored = [...service.sessions.values()].at(-1)?.stored ?? 0;
        const before = door.sent();
        const found = await target.reconcile(...given);
        assert.ok(door.sent() - before < size - stored);
        return found;
      };
      service.captions.length = 0;
      return {
        target: { ...target, reconcile },
        config: target.config.parse({ madeForKids: false, playlist: 'PLown', language: 'en' }),
        parcel,
        context: contextFor(ground, `round-${round}`),
        given: { credential, channel, blobs: path.join(ground.workspace, '../own') },
        isRight: async (stands) => {
          const there = [...service.videos.values()].map(({ sha256 }) => sha256);
          assert.deepEqual(there, stands ? [parcel.sha256] : [], `round ${round}`);
          assert.equal(service.places.length, stands ? 1 : 0);
          if (stands) assert.equal(service.captions.length, 1);
        },
      };
    });
  });
});
