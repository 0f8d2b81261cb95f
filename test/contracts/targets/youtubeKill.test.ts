import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startYouTube } from '../../servers/youtubeServer.ts';
import { startFaultProxy } from '../../support/faultProxy.ts';
import { killedAfter } from '../../support/killedChild.ts';
import { makeGround, value } from '../tools/ground.ts';
import { contextFor, filmParcel, youtubeAt } from './youtubeGround.ts';

const kills = Number(process.env.BUTLER_KILLS === 'all' ? 50 : (process.env.BUTLER_KILLS ?? 2));

describe('an upload to YouTube whose process is killed', function () {
  this.timeout(60_000 + kills * 10_000);

  it('becomes one video or none, goes on from where it stopped, and is taken back wholly', async () => {
    await using service = await startYouTube();
    await using door = await startFaultProxy({ port: service.port });
    await using ground = await makeGround();
    const url = `http://127.0.0.1:${door.port}`;
    const target = youtubeAt(url);
    const given = { madeForKids: false, playlist: 'PLown', language: 'en' };
    const config = target.config.parse(given);
    const place = path.join(ground.workspace, '..');
    const [file, journal] = [path.join(place, 'errand.json'), path.join(place, 'journal.json')];
    const rest = { url, blobs: path.join(place, 'own'), config: given, journal };
    const ends = { whole: 0, nothing: 0 };
    let span = 0;
    for (let round = 0; round <= kills; round++) {
      const execution = `round-${round}`;
      const parcel = await filmParcel(ground.blobs, 2_500_000, { 'film.srt': 'words', 'thumbnail.png': 'x' });
      await writeFile(journal, 'null');
      door.slow(4);
      await writeFile(file, JSON.stringify({ ...rest, does: 'publish', execution, parcel }));
      span = Math.max(span, await startAndKill(file, round === 0 ? 60_000 : Math.random() * span * 1.1));
      door.slow(0);
      const noted: unknown = JSON.parse(await readFile(journal, 'utf8'));
      const context = () => contextFor(ground, execution, { noted });
      const stood = [...service.sessions.values()].at(-1)?.stored ?? 0;
      const before = door.sent();
      const found = await target.reconcile(parcel, config, context());
      assert.ok(door.sent() - before < parcel.files.reduce((sum, { size }) => sum + size, 30_000) - stood);
      assert.deepEqual(
        [...service.videos.values()].map(({ sha256 }) => sha256),
        found ? [parcel.sha256] : [],
        `round ${round}`,
      );
      ends[found ? 'whole' : 'nothing']++;
      const one = found ? 1 : 0;
      assert.deepEqual([service.captions.length, service.places.length], [one, one]);
      assert.deepEqual(
        await target.reconcile(parcel, config, context()),
        found,
        'asked again, it says the same',
      );
      const published = found ?? value(await target.publish(parcel, config, context()));
      assert.equal(service.videos.size, 1);
      const undo = { ...rest, does: 'unpublish', execution, undo: published.undo };
      await writeFile(file, JSON.stringify(undo));
      if (round % 2 === 1) await startAndKill(file, Math.random() * 100);
      value(await target.unpublish(published.undo, context()));
      assert.deepEqual([service.videos.size, service.places.length], [0, 0]);
      service.captions.length = 0;
    }
    assert.equal(ends.whole + ends.nothing, kills + 1);
    if (kills > 10) process.stdout.write(`      ${JSON.stringify(ends)}\n`);
  });
});

/** Starts an errand in a process of its own and kills it after a while; answers how long it took when it was let be. */
async function startAndKill(file: string, moment: number): Promise<number> {
  return killedAfter(path.join(import.meta.dirname, 'youtubePublisher.ts'), file, moment);
}
