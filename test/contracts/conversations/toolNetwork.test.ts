import assert from 'node:assert/strict';
import { abortJob } from '../../../server/core/jobs.ts';
import type { Tool } from '../../../server/core/ports/tool.ts';
import type { EntryType } from '../../../server/protocol/entryData.ts';
import { says } from './crew.ts';
import { hurrying } from './model.ts';
import { post, sendersOfEachTest } from './post.ts';

describe('a tool that cannot reach the network', function () {
  this.timeout(60_000);
  const { crew, stage, work, approved, stepsOf } = sendersOfEachTest();
  /** A job that was approved and whose send reached nothing. */
  const sentInVain = async () => {
    const one = post();
    one.reach = 'plan';
    const first = work('first', one);
    return { one, first, job: await approved() };
  };

  it('is planned when it can be reached again, and asked for then', async () => {
    const one = post();
    one.reach = 'nothing';
    work('first', one);
    const job = await stage.hand('butler', 'Send it');
    await crew.saw(job, 'network.awaited');
    assert.equal((await stage.butler.store.pendingApprovals(job.id)).length, 0);
    one.reach = 'all';
    stage.wait(6_000);
    await stage.decide(await stage.question(job), 'approve');
    assert.equal((await stage.end(job)).state, 'completed');
    assert.equal(one.arrived.length, 1);
    await crew.golden('plannedLater', job);
  });

  it('is done later under the approval that was given, once', async () => {
    const { one, job } = await sentInVain();
    one.reach = 'all';
    assert.equal((await hurrying(stage, job, 6_000)).state, 'completed');
    assert.equal(one.arrived.length, 1);
    assert.deepEqual(await stepsOf(job), ['asked', 'started', 'ok']);
    await crew.golden('sentLater', job);
  });

  it('is asked for anew when what it would do changed meanwhile, and done once', async () => {
    const { one, job } = await sentInVain();
    one.address = 'somebody else';
    one.reach = 'all';
    stage.wait(6_000);
    const anew = await stage.question(job);
    assert.equal(anew.title, 'Send to somebody else');
    await stage.decide(anew, 'approve');
    assert.equal((await stage.end(job)).state, 'completed');
    assert.deepEqual(await stepsOf(job), ['asked', 'started', 'asked', 'error', 'started', 'ok']);
    await crew.golden('changedMeanwhile', job);
  });

  it('notes what it is found by under the execution that it became, and knows nothing of the one before', async () => {
    const one = post();
    one.reach = 'plan';
    const known: unknown[] = [];
    const tool: Tool = {
      ...one.tool,
      run: async (input, plan, context) => {
        known.push(context.noted);
        await context.note({ to: one.address });
        return one.tool.run(input, plan, context);
      },
    };
    work('first', { ...one, tool });
    const job = await approved();
    one.address = 'somebody else';
    one.reach = 'all';
    stage.wait(6_000);
    await stage.decide(await stage.question(job), 'approve');
    assert.equal((await stage.end(job)).state, 'completed');
    const { entries } = await stage.butler.store.entries({ filter: { job: job.id }, after: 0, limit: 500 });
    const of = (type: EntryType) =>
      entries.flatMap((entry) =>
        entry.type === type && 'execution' in entry.data ? [entry.data.execution] : [],
      );
    assert.deepEqual(of('execution.noted'), of('execution.started'));
    assert.deepEqual(known, [undefined, undefined]);
  });

  it('is not done when the new question is denied', async () => {
    const { one, job } = await sentInVain();
    one.address = 'somebody else';
    one.reach = 'all';
    stage.wait(6_000);
    await stage.decide(await stage.question(job), 'deny', 'not them');
    assert.equal((await stage.end(job)).state, 'completed');
    assert.deepEqual(one.arrived, []);
    await crew.golden('deniedMeanwhile', job);
  });

  it('is not done when the policy forbids by then what it allowed', async () => {
    let place: 'workspace' | 'outside' = 'workspace';
    const one = post(() => ({ kind: 'write', path: '/w/a', shown: 'a', place, reversible: true }));
    one.reach = 'plan';
    work('first', one, { mode: 'assisted' });
    const job = await stage.hand('butler', 'Send it');
    await crew.saw(job, 'network.awaited');
    place = 'outside';
    one.reach = 'all';
    assert.equal((await hurrying(stage, job, 6_000)).state, 'completed');
    assert.deepEqual(one.arrived, []);
    assert.deepEqual(await stepsOf(job), ['started', 'interrupted']);
  });

  it('ends the job for the person to look at after three real tries in vain', async () => {
    const { one, job } = await sentInVain();
    const { state, failure } = await hurrying(stage, job, 60_000);
    assert.deepEqual([state, failure?.kind], ['failed', 'offline']);
    assert.equal(one.tries, 1 + 3);
    assert.deepEqual(await stepsOf(job), ['asked', 'started', 'error']);
  });

  it('is taken up by the next worker without a question, for nothing of it was under way', async () => {
    const { one, job, first } = await sentInVain();
    await crew.loses(first);
    one.reach = 'all';
    work('second', one, { script: [says('Done.')] });
    assert.equal((await hurrying(stage, job, 6_000)).state, 'completed');
    assert.equal(one.arrived.length, 1);
    assert.deepEqual(await stepsOf(job), ['asked', 'started', 'ok']);
    assert.equal((await stage.butler.store.job(job.id))?.offline, false);
  });

  it('is put to rest by an abort while it waits', async () => {
    const { job } = await sentInVain();
    assert.ok((await abortJob(stage.butler, job.id, 'person:test')).ok);
    assert.equal((await stage.end(job)).state, 'aborted');
    assert.deepEqual(await stepsOf(job), ['asked', 'started', 'error']);
  });
});
