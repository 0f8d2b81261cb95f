import assert from 'node:assert/strict';
import { midnightPacific } from '../../../server/adapters/targets/youtube/faults.ts';
import type { Outcome } from '../../../server/protocol/failure.ts';
import type { Fault } from '../../servers/youtubeState.ts';
import { kindOf, value } from '../tools/ground.ts';
import { contextFor, credential, filmParcel, youtubeAt, youtubeOfEachTest } from './youtubeGround.ts';

describe('what YouTube refuses', () => {
  const { service, ground, target, config } = youtubeOfEachTest();
  const publish = async (change = {}, bytes = 1000) =>
    target.publish(await filmParcel(ground.blobs, bytes), config(), contextFor(ground, 'x', change));
  const failureOf = (outcome: Outcome<unknown>) => {
    assert.ok(!outcome.ok);
    return outcome.failure;
  };

  it('ends a used-up quota at midnight in California', async () => {
    service.faults.push({ path: 'videos', status: 403, reason: 'quotaExceeded' });
    const { kind, until } = failureOf(await publish());
    assert.equal(kind, 'limited');
    assert.equal(until, midnightPacific(Date.now()));
    const nights: [string, string][] = [
      ['2026-01-15T20:00:00Z', '2026-01-16T08:00:00Z'],
      ['2026-07-15T06:59:59Z', '2026-07-15T07:00:00Z'],
      ['2026-03-08T08:30:00Z', '2026-03-09T07:00:00Z'],
      ['2026-11-01T07:30:00Z', '2026-11-02T08:00:00Z'],
    ];
    for (const [now, then] of nights)
      assert.equal(new Date(midnightPacific(Date.parse(now))).toISOString(), then.replace('Z', '.000Z'));
  });

  const cases: readonly [Omit<Fault, 'path'>, string, RegExp][] = [
    [{ status: 400, reason: 'uploadLimitExceeded' }, 'limited', /as many videos/],
    [{ status: 403, reason: 'rateLimitExceeded' }, 'limited', /limits/],
    [{ status: 400, reason: 'invalidTitle' }, 'invalid', /title/],
    [{ status: 400, reason: 'invalidCategoryId' }, 'invalid', /category/],
    [{ status: 401, reason: 'youtubeSignupRequired' }, 'tool', /no YouTube channel/],
    [{ status: 403, reason: 'accessNotConfigured' }, 'tool', /not switched on/],
    [{ status: 403, reason: 'insufficientPermissions' }, 'auth', /does not allow/],
    [{ status: 403, reason: 'forbidden', message: 'Access\u0007 <b>denied</b>.' }, 'denied', /denied/],
    [{ status: 418, reason: 'else', message: `${'long '.repeat(1000)}` }, 'tool', /refused/],
    [{ status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'tool', /refused/],
  ];
  for (const [fault, kind, words] of cases) {
    it(`says what ${fault.reason ?? fault.status} means`, async () => {
      service.faults.push({ path: 'upload', ...fault }, { path: 'upload', ...fault });
      const failure = failureOf(await publish());
      assert.deepEqual([failure.kind, words.test(failure.what)], [kind, true], failure.what);
      assert.ok(failure.mend.length > 0 && failure.what.length < 300);
      for (const never of ['\u0007', '<b>', 'refresh-good']) assert.ok(!failure.what.includes(never));
      assert.equal(service.videos.size, 0);
    });
  }

  it('says that the sign-in is over, with how to mend it', async () => {
    service.refresh.clear();
    const failure = failureOf(await publish());
    assert.equal(failure.kind, 'auth');
    assert.match(failure.mend, /[Cc]onnect the account/);
    assert.ok(!service.log.some((line) => line.includes('youtube')));
  });

  it('asks for another entry when one ends on the way, and goes on', async () => {
    let ended = false;
    const progress = (fraction: number) => {
      if (fraction < 0.4 || ended) return;
      ended = true;
      service.access.clear();
    };
    value(await publish({ progress }, 2_000_000));
    assert.equal(service.videos.size, 1);
    assert.equal(service.log.filter((line) => line === 'POST /token').length, 2);
  });

  it('believes no upload address elsewhere, and no answer that cannot be', async () => {
    const answers: Fault[] = [
      { path: 'upload', status: 200, headers: { location: 'https://example.invalid/upload' } },
      { path: 'upload', status: 200 },
      { path: 'channels', status: 200 },
    ];
    for (const answer of answers.slice(0, 2)) {
      service.faults.push(answer);
      assert.equal(kindOf(await publish()), 'malformed');
    }
    for (const range of ['bytes=0-99999999', 'bytes=5-10', 'x', 'bytes=0-999']) {
      service.faults.push({ method: 'PUT', path: 'upload', status: 308, headers: { range } });
      const outcome = await publish({}, 1000);
      assert.ok(['malformed', 'ok'].includes(kindOf(outcome)), range);
    }
    assert.ok(service.videos.size <= 1);
  });

  it('says so when the film was deleted from the store, and cancels what it began', async () => {
    const parcel = await filmParcel(ground.blobs, 2_000_000);
    const open: typeof ground.blobs.open = async (digest, from) =>
      (from ?? 0) > 500_000 ? null : ground.blobs.open(digest, from);
    const blobs = { ...ground.blobs, open };
    const failure = failureOf(await target.publish(parcel, config(), contextFor({ ...ground, blobs }, 'x')));
    assert.match(failure.what, /deleted from the store/);
    assert.ok([...service.sessions.values()].every(({ cancelled }) => cancelled));
  });

  it('names the video that it could not delete', async () => {
    const parcel = await filmParcel(ground.blobs, 1000, { 'thumbnail.png': 'an image' });
    service.faults.push(
      { path: 'thumbnails', status: 403, reason: 'forbidden' },
      { method: 'DELETE', path: 'videos', status: 500 },
    );
    const failure = failureOf(await target.publish(parcel, config(), contextFor(ground, 'x')));
    const [video] = [...service.videos.keys()];
    assert.ok(video && failure.what.includes(video));
  });

  it('says that it cannot be reached, and that nothing was published', async () => {
    const away = youtubeAt('http://127.0.0.1:9');
    const parcel = await filmParcel(ground.blobs, 1000);
    const config = away.config.parse({ madeForKids: false });
    assert.equal(kindOf(await away.plan(parcel, config, contextFor(ground, 'x'))), 'offline');
    assert.equal(kindOf(await away.publish(parcel, config, contextFor(ground, 'x'))), 'offline');
    await assert.rejects(away.reconcile(parcel, config, contextFor(ground, 'x')));
    const undo = {
      account: 'a',
      execution: 'x',
      video: 'abc',
      playlist: null,
      stands: '',
      visibility: 'private',
    };
    assert.equal(kindOf(await away.unpublish(undo, contextFor(ground, 'x'))), 'offline');
  });

  it('takes a refresh token nowhere but to the sign-in, and only in a body', async () => {
    value(await publish());
    const asked = contextFor(ground, 'y', {
      credential: async () => ({ ...credential, clientSecret: 'said' }),
    });
    value(await target.plan(await filmParcel(ground.blobs, 10), config(), asked));
    assert.ok(!service.log.join('\n').includes('refresh-good'));
  });
});
