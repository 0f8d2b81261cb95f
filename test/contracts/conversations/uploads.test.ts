import assert from 'node:assert/strict';
import type { Store } from '../../../server/core/ports/store.ts';
import { undoJob } from '../../../server/core/undo.ts';
import type { Job } from '../../../server/protocol/job.ts';
import { until } from '../../support/stage.ts';
import { type Answering, calls, says, scripted } from './crew.ts';
import { mortal } from './mortal.ts';
import { savesFilm, uploadersOfEachTest } from './uploaders.ts';

const size = 2_000_000;

describe('a job that uploads a film', function () {
  this.timeout(60_000);
  const { crew, stage, service, door, parts, film } = uploadersOfEachTest(size);
  const script: readonly Answering[] = [savesFilm, calls('publish'), says('It is there.')];
  /** Whatever was asked before, the answer follows from how far the conversation is. */
  const byTurn: Answering = (request, signal) => {
    const done = request.messages.filter(({ role }) => role === 'assistant').length;
    return (script[Math.min(done, script.length - 1)] ?? says('?'))(request, signal);
  };
  const work = (name: string, store: Store = stage.butler.store) =>
    crew.work(name, { ...parts(), store, provider: scripted(...Array<Answering>(30).fill(byTurn)).provider });
  const ended = (job: Job) =>
    until(stage.butler, async () => {
      for (const { approval } of await stage.butler.store.pendingApprovals(job.id))
        await stage.decide(approval, 'approve');
      const now = await stage.butler.store.job(job.id);
      return now?.state === 'completed' || now?.state === 'failed' ? now : null;
    });

  it('asks with all that a person should know, publishes, and deletes the video by undo', async () => {
    work('one');
    const job = await stage.hand('films', 'Publish it');
    const question = await stage.question(job);
    const [open] = await stage.butler.store.pendingApprovals(job.id);
    assert.ok(open?.preview?.kind === 'files' && open.preview.visibility === 'private');
    assert.match(question.title, /youtube\.com\/channel/);
    assert.equal(service.sessions.size, 0);
    assert.equal((await ended(job)).state, 'completed');
    assert.equal(service.videos.size, 1);
    const [record] = await stage.butler.store.publications({ target: 'youtube', limit: 5 });
    assert.match(record?.publication.location ?? '', /watch\?v=/);
    const undone = await undoJob({ ...stage.butler, ...parts() }, { id: job.id }, 'person:test');
    assert.ok(undone.ok && undone.value.conflicts.length === 0, JSON.stringify(undone));
    assert.equal(service.videos.size, 0);
  });

  it('uploads it once, wherever between two entries its worker dies', async () => {
    await film(600_000);
    const whole = mortal(stage.butler.store);
    const first = work('whole', whole.store);
    await ended(await stage.hand('films', 'Publish it'));
    await crew.loses(first);
    const all = whole.written();
    for (let most = 1; most < all; most++) {
      service.videos.clear();
      const doomed = mortal(stage.butler.store, most);
      const hand = work(`doomed-${most}`, doomed.store);
      const job = await stage.hand('films', `Publish it, ${most}`);
      const ending = ended(job);
      await doomed.died;
      await crew.loses(hand);
      const heir = work(`heir-${most}`);
      assert.equal((await ending).state, 'completed', `death ${most}`);
      assert.equal(service.videos.size, 1, `death ${most}`);
      await crew.loses(heir);
    }
    assert.equal((await stage.butler.store.verify()).state, 'clean');
  });

  it('goes on with the next worker from where the last one stopped', async () => {
    door.slow(15);
    const first = work('first');
    const job = await stage.hand('films', 'Publish it');
    const ending = ended(job);
    while (door.sent() < size / 2) await new Promise((resolve) => setTimeout(resolve, 10));
    await crew.loses(first);
    door.slow(0);
    const stored = [...service.sessions.values()][0]?.stored ?? 0;
    const before = door.sent();
    work('second');
    assert.equal((await ending).state, 'completed');
    assert.ok(stored > 0 && door.sent() - before < size - stored + 100_000);
    assert.deepEqual([service.videos.size, service.sessions.size], [1, 1]);
  });

  it('ends by itself what a fault of YouTube kept from being told, and it can be undone', async () => {
    work('one');
    const job = await stage.hand('films', 'Publish it');
    const question = await stage.question(job);
    const fault = { method: 'GET', path: '/youtube/v3/videos', status: 503 };
    service.faults.push(...Array.from({ length: 6 }, () => fault));
    await stage.decide(question, 'approve');
    await crew.saw(job, 'network.awaited');
    assert.deepEqual([service.faults.length, service.videos.size], [0, 1]);
    const ending = ended(job);
    const timer = setInterval(() => stage.wait(600_000), 50);
    assert.equal((await ending).state, 'completed');
    clearInterval(timer);
    assert.deepEqual([service.videos.size, service.sessions.size], [1, 1]);
    const undone = await undoJob({ ...stage.butler, ...parts() }, { id: job.id }, 'person:test');
    assert.ok(undone.ok && undone.value.conflicts.length === 0, JSON.stringify(undone));
    assert.equal(service.videos.size, 0);
  });

  it('waits where the network went away, and goes on when it returns', async () => {
    work('one');
    const job = await stage.hand('films', 'Publish it');
    const question = await stage.question(job);
    door.cutAfter(size / 2, true);
    await stage.decide(question, 'approve');
    await crew.saw(job, 'network.awaited');
    door.mend();
    const ending = ended(job);
    const timer = setInterval(() => stage.wait(600_000), 50);
    assert.equal((await ending).state, 'completed');
    clearInterval(timer);
    assert.deepEqual([service.videos.size, service.sessions.size], [1, 1]);
    assert.ok(door.sent() < size + 700_000);
  });
});
