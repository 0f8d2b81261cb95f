import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Store } from '../../../server/core/ports/store.ts';
import { saveSettings } from '../../../server/core/settings.ts';
import { undoJob } from '../../../server/core/undo.ts';
import { defaultBudget } from '../../../server/protocol/cost.ts';
import type { Job } from '../../../server/protocol/job.ts';
import { until } from '../../support/stage.ts';
import { filmParts, filmPath } from '../crash/filmParts.ts';
import { startVideoStudio, type Trouble, type VideoStudio } from '../providers/videoStudio.ts';
import { crewOfEachTest } from './crew.ts';
import { mortal } from './mortal.ts';

describe('a video of a job', function () {
  this.timeout(60_000);
  const { crew, stage } = crewOfEachTest();
  let service: VideoStudio;
  const open = async (trouble?: Trouble) => {
    service = await startVideoStudio('google', trouble);
  };
  const work = (name: string, store = stage.butler.store) =>
    crew.work(name, { ...filmParts('google', service.url), store });
  afterEach(() => service.close());

  /** Answers what the job asks until it ends; the titles of the questions. */
  const answered = async (job: Job, decision: 'approve' | 'deny' = 'approve'): Promise<string[]> => {
    const titles: string[] = [];
    await until(stage.butler, async () => {
      for (const { approval } of await stage.butler.store.pendingApprovals(job.id)) {
        titles.push(approval.title);
        await stage.decide(approval, approval.title.startsWith('Make') ? 'approve' : decision);
      }
      const now = await stage.butler.store.job(job.id);
      return now?.state === 'completed' || now?.state === 'failed' ? true : null;
    });
    return titles;
  };
  const limits = async (job: number | null, day: number | null) => {
    const budget = {
      job: { ...defaultBudget.job, usd: job },
      day: { ...defaultBudget.day, usd: day },
    };
    const saved = await saveSettings(stage.butler, { budget }, 'person:test');
    assert.ok(saved.ok);
  };

  it('costs what was shown, counts for its job and its day, and is taken back without a word to the provider', async () => {
    await open();
    work('one');
    const job = await stage.hand('butler', 'Film it');
    const [title] = await answered(job);
    assert.match(
      title ?? '',
      /^Make the video media\/light\.mp4 of 8 seconds at Google, for about \$0\.80 at Google/,
    );
    const { store } = stage.butler;
    const cost = { tokens: 0, usd: 0.8, unpriced: false };
    assert.deepEqual((await store.job(job.id))?.cost, cost);
    assert.deepEqual((await store.admin()).today, cost);
    const [turn] = (await stage.transcript(job.session)).turns.filter(({ kind }) => kind === 'assistant');
    assert.equal(turn?.kind === 'assistant' && turn.calls[0]?.usd, 0.8);
    const before = service.asked.length;
    assert.ok((await undoJob(stage.butler, { id: job.id }, 'person:test')).ok);
    assert.ok(!existsSync(path.join(stage.workspace, filmPath)));
    assert.equal(service.asked.length, before);
  });

  it('for which a limit is too small is asked for twice: itself, and the limit; with a no nothing is ordered', async () => {
    await open();
    await limits(0.5, null);
    work('one');
    const job = await stage.hand('butler', 'Film it');
    const titles = await answered(job, 'deny');
    assert.deepEqual(titles.slice(1), ['Go on with this job, up to $1']);
    assert.deepEqual(service.asked, []);
    const [turn] = (await stage.transcript(job.session)).turns.filter(({ kind }) => kind === 'assistant');
    assert.match(
      (turn?.kind === 'assistant' && turn.calls[0]?.output) || '',
      /would go beyond its limit of \$0\.5/,
    );
    assert.equal((await stage.butler.store.spent({ job: job.id })).usd, 0);
  });

  it('goes on under a limit that a person raised, of the job and of the day', async () => {
    await open();
    await limits(0.5, 0.3);
    work('one');
    const job = await stage.hand('butler', 'Film it');
    const titles = await answered(job);
    assert.deepEqual(titles.slice(1), ['Go on with this job, up to $1', 'Go on today, up to $1.2']);
    assert.equal((await stage.butler.store.spent({ job: job.id })).usd, 0.8);
    assert.equal(service.orders.length, 1);
  });

  it('that is still made counts for what another job may buy', async () => {
    let isHeld = true;
    await open((what, response) => {
      if (!isHeld || !/GET .*interactions/.test(what)) return false;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ id: 'v1_Chd-x', status: 'in_progress' }));
      return true;
    });
    await limits(null, 1);
    work('one');
    const first = await stage.hand('butler', 'Film it');
    await stage.decide(await stage.question(first), 'approve');
    await crew.saw(first, 'execution.noted');
    const second = await stage.hand('butler', 'Film it too');
    await stage.decide(await stage.question(second), 'approve');
    const asked = await until(stage.butler, async () => {
      const [found] = await stage.butler.store.pendingApprovals(second.id);
      return found?.approval.title.startsWith('Go on') ? found.approval : null;
    });
    assert.equal(asked.title, 'Go on today, up to $2');
    isHeld = false;
    assert.equal((await stage.end(first)).state, 'completed');
    await stage.decide(asked, 'deny');
    await answered(second);
    assert.equal((await stage.butler.store.spent({ since: 0 })).usd, 0.8);
  });

  it('that two windows allow themselves at the same moment is ordered by one of them only', async () => {
    await open();
    await limits(null, 1);
    const begun = Promise.withResolvers<void>();
    let waiting = 0;
    const { store } = stage.butler;
    const together: Store = {
      ...store,
      append: async (drafts, fence) => {
        const starts = drafts.some(({ type }) => type === 'execution.started');
        if (starts && ++waiting === 2) begun.resolve();
        if (starts) await begun.promise;
        return store.append(drafts, fence);
      },
    };
    work('one', together);
    work('two', together);
    const jobs = [await stage.hand('butler', 'Film it'), await stage.hand('butler', 'Film it too')];
    await Promise.all(jobs.map((job) => answered(job)));
    assert.equal(service.orders.length, 1);
    assert.equal((await store.spent({ since: 0 })).usd, 0.8);
    const outputs = jobs.map(async ({ session }) => {
      const [turn] = (await stage.transcript(session)).turns.filter(({ kind }) => kind === 'assistant');
      return (turn?.kind === 'assistant' && turn.calls[0]?.output) || '';
    });
    assert.match((await Promise.all(outputs)).join(), /the limit of \$1 of this day has no room for both/);
  });

  it('is ordered and paid for once, wherever between two entries its worker dies', async () => {
    await open();
    const whole = mortal(stage.butler.store);
    const first = work('whole', whole.store);
    const job = await stage.hand('butler', 'Film it');
    await answered(job);
    await crew.loses(first);
    const all = whole.written();
    assert.ok(all > 8, `it wrote ${all} times`);
    for (let most = 1; most < all; most++) {
      await rm(path.join(stage.workspace, filmPath), { force: true });
      const orders = service.orders.length;
      const doomed = mortal(stage.butler.store, most);
      const hand = work(`doomed-${most}`, doomed.store);
      const next = await stage.hand('butler', `Film it, ${most}`);
      const answering = answered(next);
      await doomed.died;
      await crew.loses(hand);
      const heir = work(`heir-${most}`);
      const titles = await answering;
      assert.equal(service.orders.length, orders + 1, `death ${most}: ${titles.join(', ')}`);
      const { usd } = await stage.butler.store.spent({ job: next.id });
      assert.equal(usd, 0.8, `death ${most}`);
      assert.ok(existsSync(path.join(stage.workspace, filmPath)), `death ${most}`);
      await crew.loses(heir);
    }
    assert.equal((await stage.butler.store.verify()).state, 'clean');
  });

  it('that is stopped is cancelled at the provider, and the job ends at once', async () => {
    const looked = Promise.withResolvers<void>();
    await open((what, response) => {
      if (!/GET .*interactions/.test(what)) return false;
      looked.resolve();
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ id: 'v1_Chd-x', status: 'in_progress' }));
      return true;
    });
    work('one');
    const job = await stage.hand('butler', 'Film it');
    await stage.decide(await stage.question(job), 'approve');
    await looked.promise;
    const { store } = stage.butler;
    const asked = await store.append([
      { stream: job.session, job: job.id, type: 'job.abortRequested', actor: 'person:test', data: {} },
    ]);
    assert.ok(asked.ok);
    assert.equal((await stage.end(job)).state, 'aborted');
    assert.ok(service.asked.some((what) => what.endsWith('/cancel')));
    assert.equal((await store.spent({ job: job.id })).usd, 0);
  });
});
