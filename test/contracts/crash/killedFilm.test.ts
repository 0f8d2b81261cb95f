import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Approval } from '../../../server/protocol/approval.ts';
import type { Job } from '../../../server/protocol/job.ts';
import { killCount } from '../../support/killCount.ts';
import { killedChild, type Lived, momentAt, playUntilDead, warm } from '../../support/killedChild.ts';
import { until } from '../../support/stage.ts';
import { approveAll } from '../conversations/approveAll.ts';
import { type Crew, setCrew } from '../conversations/crew.ts';
import {
  film,
  startVideoStudio,
  type Trouble,
  type VideoStudio,
  type VideoWire,
} from '../providers/videoStudio.ts';
import { filmParts, filmPath } from './filmParts.ts';

const filmer = path.join(import.meta.dirname, 'filmer.ts');

/** A moment in the making of a video: what the service is asked then, and whether a person must be asked after it. */
interface Moment {
  readonly name: string;
  readonly wire: VideoWire;
  readonly is: (what: string) => boolean;
  /** Bytes that still come before the end. */
  readonly bytes?: number;
  readonly asks: boolean;
}

/** How often it is killed at moments of chance. */
const kills = killCount(1);

const moments: readonly Moment[] = [
  { name: 'after the order, before its name was noted', wire: 'google', is: posts, asks: true },
  { name: 'after the order, before its name was noted', wire: 'openai', is: posts, asks: true },
  { name: 'while it waited', wire: 'google', is: (what) => /interactions\/v1_/.test(what), asks: false },
  { name: 'while it waited', wire: 'openai', is: (what) => /videos\/video_1$/.test(what), asks: false },
  { name: 'while it fetched', wire: 'google', is: fetches, bytes: 30_000, asks: false },
  { name: 'while it fetched', wire: 'openai', is: fetches, bytes: 30_000, asks: false },
];

describe('a worker that is killed while it makes a video', function () {
  this.timeout(60_000);
  let crew: Crew;
  let service: VideoStudio;
  let child: ChildProcess;

  beforeEach(async () => {
    crew = await setCrew();
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    await service?.close();
    await crew.close();
  });

  for (const { name, wire, is, bytes, asks } of moments) {
    it(`${name}, at ${wire}: it is taken up again and paid for once`, async () => {
      const killed = Promise.withResolvers<void>();
      let dead = false;
      await open(wire, (what, response) => {
        if (dead || !is(what)) return false;
        dead = true;
        if (bytes) response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': film.length });
        if (bytes) response.write(film.subarray(0, bytes));
        once(child, 'exit').then(() => killed.resolve());
        setTimeout(() => child.kill('SIGKILL'), bytes ? 50 : 0);
        return true;
      });
      const job = await begin(wire);
      await killed.promise;
      assert.equal(await finish(job, wire), asks ? 1 : 0);
      assert.equal(service.orders.length, asks ? 2 : 1, 'ordered again only where a person said so');
      if (wire === 'openai' && asks) {
        const [first, again] = service.orders.map(({ headers }) => headers['idempotency-key']);
        assert.ok(first && first === again, 'a service that knows it makes it once');
      }
    });
  }

  it('before the order: it is ordered, and nobody is asked', async () => {
    await open('google');
    const job = await crew.stage.hand('butler', 'Film it');
    spawnFilmer('google', job);
    const asked = await crew.stage.question(job);
    const stopped = once(child, 'exit');
    child.kill('SIGKILL');
    await stopped;
    await crew.stage.decide(asked, 'approve');
    assert.equal(await finish(job, 'google'), 0);
    assert.equal(service.orders.length, 1);
  });

  for (const wire of kills > 1 ? (['google', 'openai'] as const) : (['google'] as const)) {
    it(`at ${kills} random moments, at ${wire}: it is paid for once, and ordered again only where a person said so`, async function () {
      this.timeout(60_000 + kills * 5_000);
      await open(wire);
      const acts = (await filmed(wire)).lived?.laps[0] ?? 0;
      await playUntilDead(kills, async (share) => {
        await rm(path.join(crew.stage.workspace, filmPath));
        const before = service.orders.length;
        const { job, lived } = await filmed(wire, momentAt(acts, share));
        const again = await finish(job, wire);
        await crew.dismiss();
        const orders = service.orders.length - before;
        assert.ok(orders >= 1 && orders <= 1 + again, `${orders} orders, ${again} questions`);
        return lived === null;
      });
    });
  }

  /** Has it made by a worker that dies at a moment where one is given. */
  async function filmed(wire: VideoWire, moment?: number): Promise<{ job: Job; lived: Lived | null }> {
    const job = await crew.stage.hand('butler', 'Film it');
    const stop = approveAll(crew.stage);
    const lived = await killedChild(filmer, filmerArguments(wire, job), moment);
    stop();
    return { job, lived };
  }

  async function open(wire: VideoWire, trouble?: Trouble): Promise<void> {
    service = await startVideoStudio(wire, trouble);
  }

  function spawnFilmer(wire: VideoWire, job: Job): void {
    const args = [filmer, ...filmerArguments(wire, job)];
    child = spawn(process.execPath, args, { env: warm, stdio: ['ignore', 'ignore', 'inherit'] });
  }

  function filmerArguments(wire: VideoWire, job: Job): string[] {
    const { home, workspace } = crew.stage;
    return [wire, service.url, home, workspace, job.id];
  }

  async function begin(wire: VideoWire): Promise<Job> {
    const job = await crew.stage.hand('butler', 'Film it');
    spawnFilmer(wire, job);
    await crew.stage.decide(await crew.stage.question(job), 'approve');
    return job;
  }

  /** Another worker goes on; answers with yes what it asks, and says how often that was to order again. */
  async function finish(job: Job, wire: VideoWire): Promise<number> {
    const { stage } = crew;
    crew.work(stage.butler.worker, filmParts(wire, service.url));
    const questions: Approval[] = [];
    const ended = await until(stage.butler, async () => {
      for (const { approval } of await stage.butler.store.pendingApprovals(job.id)) {
        questions.push(approval);
        await stage.decide(approval, 'approve');
      }
      const now = await stage.butler.store.job(job.id);
      return now?.state === 'completed' || now?.state === 'failed' ? now : null;
    });
    assert.equal(ended.state, 'completed', JSON.stringify(ended.failure));
    assert.ok(questions.every(({ title }) => /^(Do again|Make the video)/.test(title)));
    assert.ok((await readFile(path.join(stage.workspace, filmPath))).equals(film));
    const spent = await stage.butler.store.spent({ job: job.id });
    assert.deepEqual([spent.usd, spent.unpriced], wire === 'google' ? [0.8, false] : [0, true]);
    await stage.butler.store.rebuild();
    assert.deepEqual(await stage.butler.store.spent({ job: job.id }), spent);
    assert.equal((await stage.butler.store.verify()).state, 'clean');
    return questions.filter(({ title }) => title.startsWith('Do again')).length;
  }
});

function posts(what: string): boolean {
  return what.startsWith('POST');
}

function fetches(what: string): boolean {
  return /content|alt=media/.test(what);
}
