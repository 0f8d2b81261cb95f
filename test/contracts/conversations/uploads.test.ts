import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createAbility } from '../../../server/core/abilities.ts';
import type { Store } from '../../../server/core/ports/store.ts';
import { undoJob } from '../../../server/core/undo.ts';
import type { Job } from '../../../server/protocol/job.ts';
import { startYouTube } from '../../servers/youtubeServer.ts';
import type { YouTubeServer } from '../../servers/youtubeState.ts';
import { type FaultProxy, startFaultProxy } from '../../support/faultProxy.ts';
import { until } from '../../support/stage.ts';
import { credential, youtubeAt } from '../targets/youtubeGround.ts';
import { type Answering, type Crew, calls, says, scripted, setCrew } from './crew.ts';
import { mortal } from './mortal.ts';

const size = 2_000_000;

describe('a job that uploads a film', function () {
  this.timeout(60_000);
  let crew: Crew;
  let service: YouTubeServer;
  let door: FaultProxy;
  beforeEach(async () => {
    crew = await setCrew();
    service = await startYouTube();
    door = await startFaultProxy({ port: service.port });
    await writeFile(path.join(crew.stage.workspace, 'film.mp4'), randomBytes(size));
    const target = { type: 'youtube', config: { madeForKids: false } };
    const draft = { name: 'Films', description: '', provider: 'offline', model: '', prompt: '' };
    const ability = { ...draft, deliverable: 'video', target } as const;
    const made = await createAbility({ ...crew.stage.butler, ...parts() }, { draft: ability }, 'person:test');
    assert.ok(made.ok, JSON.stringify(made));
  });
  afterEach(async () => {
    await crew.close();
    await door[Symbol.asyncDispose]();
    await service[Symbol.asyncDispose]();
  });

  const parts = () => ({
    targets: [youtubeAt(`http://127.0.0.1:${door.port}`)],
    credential: async () => credential,
  });
  const script: readonly Answering[] = [
    calls('save_deliverable', { title: 'Spring', files: [{ path: 'film.mp4', from: 'film.mp4' }] }),
    calls('publish'),
    says('It is there.'),
  ];
  /** Whatever was asked before, the answer follows from how far the conversation is. */
  const byTurn: Answering = (request, signal) => {
    const done = request.messages.filter(({ role }) => role === 'assistant').length;
    return (script[Math.min(done, script.length - 1)] ?? says('?'))(request, signal);
  };
  const work = (name: string, store: Store = crew.stage.butler.store) =>
    crew.work(name, { ...parts(), store, provider: scripted(...Array<Answering>(30).fill(byTurn)).provider });
  const ended = (job: Job) =>
    until(crew.stage.butler, async () => {
      for (const { approval } of await crew.stage.butler.store.pendingApprovals(job.id))
        await crew.stage.decide(approval, 'approve');
      const now = await crew.stage.butler.store.job(job.id);
      return now?.state === 'completed' || now?.state === 'failed' ? now : null;
    });

  it('asks with all that a person should know, publishes, and deletes the video by undo', async () => {
    work('one');
    const job = await crew.stage.hand('films', 'Publish it');
    const question = await crew.stage.question(job);
    const [open] = await crew.stage.butler.store.pendingApprovals(job.id);
    assert.ok(open?.preview?.kind === 'files' && open.preview.visibility === 'private');
    assert.match(question.title, /youtube\.com\/channel/);
    assert.equal(service.sessions.size, 0);
    assert.equal((await ended(job)).state, 'completed');
    assert.equal(service.videos.size, 1);
    const [record] = await crew.stage.butler.store.publications({ target: 'youtube', limit: 5 });
    assert.match(record?.publication.location ?? '', /watch\?v=/);
    const undone = await undoJob({ ...crew.stage.butler, ...parts() }, { id: job.id }, 'person:test');
    assert.ok(undone.ok && undone.value.conflicts.length === 0, JSON.stringify(undone));
    assert.equal(service.videos.size, 0);
  });

  it('uploads it once, wherever between two entries its worker dies', async () => {
    await writeFile(path.join(crew.stage.workspace, 'film.mp4'), randomBytes(600_000));
    const whole = mortal(crew.stage.butler.store);
    const first = work('whole', whole.store);
    await ended(await crew.stage.hand('films', 'Publish it'));
    await crew.loses(first);
    const all = whole.written();
    for (let most = 1; most < all; most++) {
      service.videos.clear();
      const doomed = mortal(crew.stage.butler.store, most);
      const hand = work(`doomed-${most}`, doomed.store);
      const job = await crew.stage.hand('films', `Publish it, ${most}`);
      const ending = ended(job);
      await doomed.died;
      await crew.loses(hand);
      const heir = work(`heir-${most}`);
      assert.equal((await ending).state, 'completed', `death ${most}`);
      assert.equal(service.videos.size, 1, `death ${most}`);
      await crew.loses(heir);
    }
    assert.equal((await crew.stage.butler.store.verify()).state, 'clean');
  });

  it('goes on with the next worker from where the last one stopped', async () => {
    door.slow(15);
    const first = work('first');
    const job = await crew.stage.hand('films', 'Publish it');
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
    const job = await crew.stage.hand('films', 'Publish it');
    const question = await crew.stage.question(job);
    const fault = { method: 'GET', path: '/youtube/v3/videos', status: 503 };
    service.faults.push(...Array.from({ length: 6 }, () => fault));
    await crew.stage.decide(question, 'approve');
    await crew.saw(job, 'network.awaited');
    assert.deepEqual([service.faults.length, service.videos.size], [0, 1]);
    const ending = ended(job);
    const timer = setInterval(() => crew.stage.wait(600_000), 50);
    assert.equal((await ending).state, 'completed');
    clearInterval(timer);
    assert.deepEqual([service.videos.size, service.sessions.size], [1, 1]);
    const undone = await undoJob({ ...crew.stage.butler, ...parts() }, { id: job.id }, 'person:test');
    assert.ok(undone.ok && undone.value.conflicts.length === 0, JSON.stringify(undone));
    assert.equal(service.videos.size, 0);
  });

  it('waits where the network went away, and goes on when it returns', async () => {
    work('one');
    const job = await crew.stage.hand('films', 'Publish it');
    const question = await crew.stage.question(job);
    door.cutAfter(size / 2, true);
    await crew.stage.decide(question, 'approve');
    await crew.saw(job, 'network.awaited');
    door.mend();
    const ending = ended(job);
    const timer = setInterval(() => crew.stage.wait(600_000), 50);
    assert.equal((await ending).state, 'completed');
    clearInterval(timer);
    assert.deepEqual([service.videos.size, service.sessions.size], [1, 1]);
    assert.ok(door.sent() < size + 700_000);
  });
});
