import assert from 'node:assert/strict';
import type { Clock } from '../../../server/core/ports/clock.ts';
import type { Provider } from '../../../server/core/ports/provider.ts';
import { saveSettings } from '../../../server/core/settings.ts';
import { approvalLifetime } from '../../../server/protocol/approval.ts';
import { type Budget, defaultBudget, type Limits } from '../../../server/protocol/cost.ts';
import type { Job } from '../../../server/protocol/job.ts';
import { type Answering, calls, crewOfEachTest, deed, says, scripted } from './crew.ts';

const person = 'person:test';
const day = 24 * 3_600_000;
const unlimited: Limits = { usd: null, tokens: null, rounds: null, minutes: null };

describe('a budget, while time goes on', function () {
  this.timeout(60_000);
  const { crew, stage } = crewOfEachTest();

  const set = async (job: Partial<Limits>, ofDay: Partial<Budget['day']> = {}) => {
    const budget = { job: { ...unlimited, ...job }, day: { ...defaultBudget.day, ...ofDay } };
    const saved = await saveSettings(stage.butler, { budget }, person);
    assert.ok(saved.ok);
  };
  /** The clock of a machine whose days begin at midnight UTC, and move with the stage's time. */
  const daily = (): Clock => {
    const { clock } = stage.butler;
    return { ...clock, midnight: () => Math.floor(clock.now() / day) * day };
  };

  it('is asked for anew on another day, though the day before the same was allowed', async () => {
    await set({}, { tokens: 1_000 });
    const slept = Promise.withResolvers<undefined>();
    const deeds = [undefined, undefined, slept.promise];
    const { tool } = deed({ run: async () => deeds.shift() });
    const again = calls('deed');
    const provider = costing(again, again, again, again, again, says('Done.'));
    crew.work('one', { provider, tools: [tool], clock: daily() });
    const job = await stage.hand('butler', 'Do deeds');
    const first = await stage.question(job);
    await stage.decide(first, 'approve');
    await crew.saw(job, 'budget.raised');
    await sawTimes(job, 3);
    stage.wait(day);
    slept.resolve(undefined);
    const second = await stage.question(job);
    assert.equal(second.title, first.title);
    await stage.decide(second, 'approve');
    assert.equal((await stage.end(job)).state, 'completed');
  });

  it('is not raised for a day that began after the question', async () => {
    await set({}, { tokens: 500 });
    const { tool } = deed();
    const passed = { days: 0 };
    const clock: Clock = { ...daily(), midnight: () => daily().midnight() + passed.days * day };
    crew.work('one', { provider: costing(calls('deed'), says('Done.')), tools: [tool], clock });
    const job = await stage.hand('butler', 'Do a deed');
    const question = await stage.question(job);
    passed.days = 1;
    await stage.decide(question, 'approve');
    assert.equal((await stage.end(job)).state, 'completed');
    assert.equal(await crew.count(job, 'budget.raised'), 0);
  });

  it('lets a job go on whose limit the person raised otherwise, instead of answering', async () => {
    await set({ rounds: 1 });
    const { tool } = deed();
    crew.work('one', { provider: costing(calls('deed'), says('Done.')), tools: [tool] });
    const job = await stage.hand('butler', 'Do a deed');
    await stage.question(job);
    await set({ rounds: 10 });
    stage.wait(approvalLifetime);
    assert.equal((await stage.end(job)).state, 'completed');
  });

  it('is asked for once by a job that was taken over, with the figures of then', async () => {
    await set({}, { tokens: 500 });
    const { tool } = deed();
    const lost = crew.work('lost', { provider: costing(calls('deed')), tools: [tool] });
    const job = await stage.hand('butler', 'Do a deed');
    const before = await stage.question(job);
    await crew.loses(lost);
    await set({}, { tokens: 550 });
    crew.work('next', { provider: costing(says('Done.')), tools: [tool] });
    await sawQuestions(job, 2);
    const open = await stage.butler.store.pendingApprovals(job.id);
    assert.equal(open.length, 1);
    assert.notEqual(open[0]?.approval.id, before.id);
    await stage.decide(await stage.question(job), 'approve');
    assert.equal((await stage.end(job)).state, 'completed');
  });

  const sawTimes = (job: Job, count: number) => saw(job, 'execution.started', count);
  const sawQuestions = (job: Job, count: number) => saw(job, 'approval.requested', count);
  async function saw(job: Job, type: 'execution.started' | 'approval.requested', count: number) {
    while ((await crew.count(job, type)) < count) await new Promise((resolve) => setImmediate(resolve));
  }
});

/** A provider that answers by a script, and counts 600 tokens for each answer. */
function costing(...script: readonly Answering[]): Provider {
  const { provider } = scripted(...script);
  const usage = { input: 600, output: 0, cacheRead: 0, cacheWrite: 0 };
  return {
    ...provider,
    async *stream(request, signal) {
      for await (const event of provider.stream(request, signal))
        yield event.kind === 'done' ? { ...event, usage } : event;
    },
  };
}
