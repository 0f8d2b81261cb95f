import assert from 'node:assert/strict';
import type { Target } from '../../../server/core/ports/target.ts';
import { skipBecause } from '../../run/countReporter.ts';
import { startYouTube } from '../../servers/youtubeServer.ts';
import type { YouTubeServer } from '../../servers/youtubeState.ts';
import { type FaultProxy, startFaultProxy } from '../../support/faultProxy.ts';
import { type Ground, kindOf, makeGround, value } from '../tools/ground.ts';
import { contextFor, filmParcel, youtubeAt } from './youtubeGround.ts';

const size = 3_000_000;
/** Cuts at random bytes; more are asked for by the environment. */
const cuts = Number(process.env.BUTLER_KILLS === 'all' ? 50 : (process.env.BUTLER_KILLS ?? 3));

describe('an upload to YouTube over a bad network', () => {
  let service: YouTubeServer;
  let door: FaultProxy;
  let ground: Ground;
  let target: Target;
  beforeEach(async () => {
    service = await startYouTube();
    door = await startFaultProxy({ port: service.port });
    ground = await makeGround();
    target = youtubeAt(`http://127.0.0.1:${door.port}`);
  });
  afterEach(async () => {
    await door[Symbol.asyncDispose]();
    await service[Symbol.asyncDispose]();
    await ground[Symbol.asyncDispose]();
  });
  const config = () => target.config.parse({ madeForKids: false });
  const only = () => {
    assert.equal(service.videos.size, 1);
    const [video] = service.videos.values();
    assert.ok(video);
    return video;
  };

  it('is taken up where it stopped, wherever it is cut', async () => {
    for (let round = 0; round < cuts; round++) {
      service.videos.clear();
      const parcel = await filmParcel(ground.blobs, size);
      const before = door.sent();
      door.cutAfter(1 + Math.floor(Math.random() * size));
      value(await target.publish(parcel, config(), contextFor(ground, `cut-${round}`)));
      assert.equal(only().sha256, parcel.sha256);
      assert.ok(door.sent() - before < size + 1_000_000, 'what had arrived is not sent again');
    }
  });

  it('is made once though the answer to its last byte got lost', async () => {
    const parcel = await filmParcel(ground.blobs, size);
    service.losesAnswer = true;
    value(await target.publish(parcel, config(), contextFor(ground, 'lost')));
    assert.equal(only().sha256, parcel.sha256);
  });

  it('says that it is away when nobody is let in any more, and goes on from there later', async () => {
    const parcel = await filmParcel(ground.blobs, size);
    const context = contextFor(ground, 'away');
    door.cutAfter(1_700_000, true);
    assert.equal(kindOf(await target.publish(parcel, config(), context)), 'offline');
    assert.equal(service.videos.size, 0);
    await assert.rejects(target.reconcile(parcel, config(), context.again()));
    door.mend();
    const before = door.sent();
    value(await target.publish(parcel, config(), context.again()));
    assert.equal(only().sha256, parcel.sha256);
    assert.ok(door.sent() - before < 1_700_000);
    assert.equal(service.sessions.size, 1);
  });

  it('goes on over faults of the service, and stops when they do not end', async () => {
    const fault = { method: 'PUT', path: 'upload', status: 503 } as const;
    service.faults.push(fault, fault, fault);
    const parcel = await filmParcel(ground.blobs, size);
    value(await target.publish(parcel, config(), contextFor(ground, 'faults')));
    assert.equal(only().sha256, parcel.sha256);
    service.faults.push(...Array.from({ length: 20 }, () => fault));
    const again = await filmParcel(ground.blobs, size);
    const context = contextFor(ground, 'ever');
    assert.equal(kindOf(await target.publish(again, config(), context)), 'offline', 'to be taken up later');
    service.faults.length = 0;
    assert.ok(await target.reconcile(again, config(), context.again()));
    assert.equal(service.videos.size, 2);
  });

  it('begins again once when the service forgot the upload, never when the video is there', async () => {
    const parcel = await filmParcel(ground.blobs, size);
    const context = contextFor(ground, 'forgotten');
    door.cutAfter(1_700_000, true);
    await target.publish(parcel, config(), context);
    door.mend();
    service.sessions.clear();
    assert.equal(await target.reconcile(parcel, config(), context.again()), null);
    const { publication } = value(await target.publish(parcel, config(), context.again()));
    assert.equal(only().sha256, parcel.sha256);
    service.sessions.clear();
    const found = await target.reconcile(parcel, config(), context.again());
    assert.deepEqual(found?.publication, publication);
    value(await target.publish(parcel, config(), context.again()));
    only();
  });

  it('is made once, with all that belongs to it once, whichever request is lost or its answer', async () => {
    const others = { 'film.en.srt': 'words', 'thumbnail.png': 'x' };
    const given = target.config.parse({ madeForKids: false, playlist: 'PLown' });
    const counted = await filmParcel(ground.blobs, 700_000, others);
    value(await target.publish(counted, given, contextFor(ground, 'counted')));
    const requests = service.log.length;
    assert.ok(requests > 8);
    for (const when of ['before', 'after'] as const) {
      for (let at = 0; at < requests; at++) {
        for (const list of [service.captions, service.places]) list.length = 0;
        service.videos.clear();
        service.access.clear();
        service.breaks = { in: at, when };
        const fresh = youtubeAt(service.url);
        const parcel = await filmParcel(ground.blobs, 700_000, others);
        const context = contextFor(ground, `${when}-${at}`);
        const first = await fresh.publish(parcel, given, context);
        const last = first.ok ? first : await fresh.publish(parcel, given, context.again());
        assert.equal(first.ok ? 'offline' : first.failure.kind, 'offline', `${when} ${at}`);
        value(last);
        assert.equal(only().sha256, parcel.sha256, `${when} ${at}`);
        assert.deepEqual([service.captions.length, service.places.length], [1, 1], `${when} ${at}`);
      }
    }
  });

  it('leaves nothing when it is stopped at any request, and is taken back whichever request is lost', async () => {
    const given = target.config.parse({ madeForKids: false, playlist: 'PLown' });
    const parcel = await filmParcel(ground.blobs, 700_000, { 'film.en.srt': 'words' });
    const direct = youtubeAt(service.url);
    let whole = false;
    for (let at = 0; !whole; at++) {
      const stop = new AbortController();
      let rest = at;
      service.heard = () => {
        if (rest-- === 0) stop.abort('abort');
      };
      const outcome = await direct.publish(
        parcel,
        given,
        contextFor(ground, `stop-${at}`, { signal: stop.signal }),
      );
      whole = outcome.ok;
      assert.ok(whole || kindOf(outcome) === 'cancelled', `stopped at ${at}: ${kindOf(outcome)}`);
      const left = [service.videos.size, service.places.length];
      assert.deepEqual(left, whole ? [1, 1] : [0, 0], `stopped at ${at}`);
      assert.ok(at < 40);
    }
    service.heard = () => {};
    service.videos.clear();
    service.places.length = 0;
    for (let at = 0; at < 10; at++) {
      const { undo } = value(await direct.publish(parcel, given, contextFor(ground, `undone-${at}`)));
      service.breaks = { in: at % 5, when: at < 5 ? 'before' : 'after' };
      const first = await direct.unpublish(undo, contextFor(ground, 'undo'));
      service.breaks = null;
      if (!first.ok) value(await direct.unpublish(undo, contextFor(ground, 'undo')));
      assert.deepEqual([service.videos.size, service.places.length], [0, 0], `undone at ${at}`);
    }
  });

  it('is cancelled when it is aborted, and nothing can come of it', async () => {
    const parcel = await filmParcel(ground.blobs, size);
    door.slow(4);
    for (const moment of [0.1, 0.5, 0.95]) {
      const stop = new AbortController();
      const progress = (fraction: number) => {
        if (fraction > moment) stop.abort('abort');
      };
      const context = contextFor(ground, `abort-${moment}`, { signal: stop.signal, progress });
      assert.equal(kindOf(await target.publish(parcel, config(), context)), 'cancelled');
      assert.equal(service.videos.size, 0);
      assert.ok([...service.sessions.values()].every(({ cancelled, video }) => cancelled || video));
      assert.equal(
        await target.reconcile(parcel, config(), context.again({ signal: new AbortController().signal })),
        null,
      );
    }
  });

  it('carries a large file with little memory', async function () {
    if (process.env.BUTLER_BIG !== '1')
      skipBecause(this, 'a gigabyte is sent where BUTLER_BIG=1 asks for it');
    this.timeout(600_000);
    const bytes = 1024 * 1024 * 1024;
    async function* film() {
      for (let at = 0; at < bytes; at += 1024 * 1024) yield Buffer.alloc(1024 * 1024, at / (1024 * 1024));
    }
    const { digest, size: whole } = await ground.blobs.putAll(film());
    const files = [{ path: 'film.mp4', digest, size: whole, mime: 'video/mp4' }];
    const parcel = { deliverable: 'deliverable-1', title: 'Large', files };
    const large = youtubeAt(`http://127.0.0.1:${door.port}`, { piece: 8 * 1024 * 1024 });
    let most = 0;
    const progress = () => {
      most = Math.max(most, process.memoryUsage().rss);
    };
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    value(await large.publish(parcel, config(), contextFor(ground, 'large', { progress })));
    assert.equal(only().sha256, digest);
    assert.ok(most - before < 150e6, `${Math.round((most - before) / 1e6)} MB more`);
    process.stdout.write(`      ${Math.round((most - before) / 1e6)} MB more while 1 GB went\n`);
  });
});
