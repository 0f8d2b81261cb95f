import assert from 'node:assert/strict';
import type { Fault } from '../../servers/youtubeState.ts';
import { kindOf, value } from '../tools/ground.ts';
import { contextFor, filmParcel, youtubeOfEachTest } from './youtubeGround.ts';

const others = { 'film.en.srt': 'words', 'thumbnail.png': 'x' };

describe('what belongs to a video on YouTube', () => {
  const { service, ground, target, config } = youtubeOfEachTest();
  const times = (count: number, fault: Fault) =>
    void service.faults.push(...Array.from({ length: count }, () => fault));
  const standing = () => [service.videos.size, service.captions.length, service.places.length];

  it('is asked for again over faults of the service that pass', async () => {
    const parcel = await filmParcel(ground.blobs, 1000, others);
    for (const path of ['thumbnails', 'captions', 'playlistItems']) times(3, { path, status: 503 });
    value(await target.publish(parcel, config({ playlist: 'PLown' }), contextFor(ground, 'x')));
    assert.deepEqual(standing(), [1, 1, 1]);
  });

  it('is added by the same execution later where they stay, and can then be undone', async () => {
    const parcel = await filmParcel(ground.blobs, 1000, others);
    const given = config({ playlist: 'PLown' });
    for (const [at, path] of ['thumbnails', 'captions', 'playlistItems'].entries()) {
      const context = contextFor(ground, `x-${at}`);
      times(6, { path, status: 503 });
      const cut = await target.publish(parcel, given, context);
      assert.equal(kindOf(cut), 'offline');
      assert.match(cut.ok ? '' : cut.failure.what, /The video itself is there/);
      assert.equal(service.videos.size, 1);
      times(6, { path, status: 503 });
      await assert.rejects(target.reconcile(parcel, given, context.again()), 'it cannot be told yet');
      const found = await target.reconcile(parcel, given, context.again());
      assert.deepEqual(standing(), [1, 1, 1]);
      assert.deepEqual(await target.publish(parcel, given, context.again()), { ok: true, value: found });
      assert.deepEqual(standing(), [1, 1, 1]);
      value(await target.unpublish(found?.undo, contextFor(ground, 'undo')));
      assert.equal(service.videos.size, 0);
      service.captions.length = 0;
    }
  });

  it('counts as there where YouTube says so, though its list does not yet', async () => {
    const parcel = await filmParcel(ground.blobs, 1000, others);
    times(1, { method: 'POST', path: 'captions', status: 409, reason: 'captionExists' });
    value(await target.publish(parcel, config(), contextFor(ground, 'x')));
  });

  it('has names of its own where two files are subtitles of one language', async () => {
    const files = {
      'talk.en.srt': '1',
      'a/film.en.srt': '2',
      'b/film.en.srt': '3',
      'cut.the-final-cut.srt': '4',
    };
    const parcel = await filmParcel(ground.blobs, 1000, files);
    const given = config({ language: 'en' });
    value(await target.publish(parcel, given, contextFor(ground, 'x')));
    const names = ['cut.the-final-cut.srt', 'film.en.srt', 'film.en.srt (2)', 'talk.en.srt'];
    assert.deepEqual(service.captions.map(({ name }) => name).sort(), names);
    await target.reconcile(parcel, given, contextFor(ground, 'x'));
    assert.equal(service.captions.length, 4);
  });

  it('goes into a playlist that is named in the question, and to none that is gone or of others', async () => {
    const parcel = await filmParcel(ground.blobs, 1000);
    const planned = (playlist: string) => target.plan(parcel, config({ playlist }), contextFor(ground, 'x'));
    const { preview } = value(await planned('PLown'));
    assert.match(preview.notes?.join('\n') ?? '', /added to the playlist "Best of spring"/);
    service.playlists.set('PLother', 'UCkitchenkitchenkitchenk');
    for (const [playlist, words] of [
      ['PLgone', /not there/],
      ['PLother', /not yours/],
    ] as const) {
      const outcome = await planned(playlist);
      assert.ok(!outcome.ok && outcome.failure.field === 'target.config.playlist');
      assert.match(outcome.failure.what, words);
    }
  });

  it('keeps nobody from taking the video back: a playlist that is gone, or says no', async () => {
    const given = config({ playlist: 'PLown' });
    for (const spoil of [
      () => void service.playlists.delete('PLown'),
      () => times(1, { path: 'playlistItems', status: 403, reason: 'forbidden' }),
    ]) {
      service.playlists.set('PLown', service.channel?.id ?? '');
      const parcel = await filmParcel(ground.blobs, 1000);
      const { undo } = value(await target.publish(parcel, given, contextFor(ground, 'x')));
      spoil();
      value(await target.unpublish(undo, contextFor(ground, 'undo')));
      assert.equal(service.videos.size, 0);
    }
  });

  it('is not there for another channel, and then nobody says that it was taken back', async () => {
    const own = service.channel;
    assert.ok(own);
    for (const visibility of ['private', 'public']) {
      const parcel = await filmParcel(ground.blobs, 1000);
      const { undo } = value(await target.publish(parcel, config({ visibility }), contextFor(ground, 'x')));
      service.channel = { ...own, id: 'UCkitchenkitchenkitchenk', title: 'Kitchen' };
      const refused = await target.unpublish(undo, contextFor(ground, 'undo'));
      assert.deepEqual([kindOf(refused), service.videos.size], ['auth', 1]);
      assert.match(refused.ok ? '' : refused.failure.what, /another channel.*"Kitchen"/);
      service.channel = own;
      const { channel: _, ...older } = undo as Record<string, unknown>;
      value(await target.unpublish(visibility === 'public' ? older : undo, contextFor(ground, 'undo')));
      assert.equal(service.videos.size, 0);
    }
  });

  it('is taken away after an abort though YouTube forgot the upload that it came from', async () => {
    const parcel = await filmParcel(ground.blobs, 1000);
    const stop = new AbortController();
    service.losesAnswer = true;
    service.heard = () => {
      if (service.videos.size === 0 || stop.signal.aborted) return;
      service.sessions.clear();
      stop.abort('abort');
    };
    const outcome = await target.publish(parcel, config(), contextFor(ground, 'x', { signal: stop.signal }));
    assert.deepEqual([kindOf(outcome), service.videos.size], ['cancelled', 0]);
  });
});
