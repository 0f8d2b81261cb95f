import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { abortJob } from '../../../server/core/jobs.ts';
import { approvalLifetime } from '../../../server/protocol/approval.ts';
import { until } from '../../support/stage.ts';
import { calls, crewOfEachTest, deed, says, scripted, untilStopped } from './crew.ts';

const person = 'person:test';

describe('a worker after another was lost', function () {
  this.timeout(60_000);
  const { crew, stage } = crewOfEachTest();

  const write = calls('write_file', { path: 'a.md', content: 'a' });
  const writeNew = calls('write_file', { path: 'new/x.md', content: 'x' });
  /** The folder that was to be made is a link now. */
  const leadElsewhere = () => symlink(path.join(stage.workspace, 'docs'), path.join(stage.workspace, 'new'));

  it('take up its open question instead of asking again', async () => {
    const first = crew.work('first', { provider: scripted(write).provider });
    const job = await stage.hand('butler', 'Write a');
    const { id } = await stage.question(job);
    await crew.loses(first);
    crew.work('second', { provider: scripted(says('Done.')).provider });
    await crew.saw(job, 'job.recovered');
    const question = await stage.question(job);
    assert.equal(question.id, id);
    await stage.decide(question, 'approve');
    assert.equal((await stage.end(job)).state, 'completed');
    assert.equal(await crew.count(job, 'approval.requested'), 1);
  });

  it('do what was approved meanwhile, without another question', async () => {
    const first = crew.work('first', { provider: scripted(write).provider });
    const job = await stage.hand('butler', 'Write a');
    const question = await stage.question(job);
    await crew.loses(first);
    await stage.decide(question, 'approve');
    crew.work('second', { provider: scripted(says('Done.')).provider });
    assert.equal((await stage.end(job)).state, 'completed');
    await crew.golden('approvedMeanwhile', job);
  });

  it('ask anew when what was approved meanwhile is no longer what would happen', async () => {
    const first = crew.work('first', { provider: scripted(writeNew).provider });
    const job = await stage.hand('butler', 'Write x');
    const question = await stage.question(job);
    await crew.loses(first);
    await stage.decide(question, 'approve');
    await leadElsewhere();
    crew.work('second', { provider: scripted(says('Done.')).provider });
    const anew = await stage.question(job);
    assert.deepEqual([question.title, anew.title], ['Create new/x.md', 'Create docs/x.md']);
    assert.notEqual(anew.digest, question.digest);
    await stage.decide(anew, 'deny');
    await stage.end(job);
  });

  it('put its question to rest when the world moved on, and ask the new one', async () => {
    const first = crew.work('first', { provider: scripted(writeNew).provider });
    const job = await stage.hand('butler', 'Write x');
    const stale = await stage.question(job);
    await crew.loses(first);
    await leadElsewhere();
    crew.work('second', { provider: scripted(says('Done.')).provider });
    const anew = await until(stage.butler, async () => {
      const open = await stage.butler.store.pendingApprovals(job.id);
      return open.map(({ approval }) => approval).find(({ id }) => id !== stale.id) ?? null;
    });
    assert.equal((await stage.butler.store.pendingApprovals(job.id)).length, 1);
    await assert.rejects(stage.decide(stale, 'approve'), /expired already/);
    await stage.decide(anew, 'approve');
    await stage.end(job);
    await crew.golden('askedAnew', job);
  });

  it('let its question expire when nobody answered in time', async () => {
    const first = crew.work('first', { provider: scripted(write).provider });
    const job = await stage.hand('butler', 'Write a');
    await stage.question(job);
    await crew.loses(first);
    stage.wait(approvalLifetime);
    crew.work('second', { provider: scripted(says('Nobody answered.')).provider });
    assert.equal((await stage.end(job)).state, 'completed');
    await crew.golden('expiredMeanwhile', job);
  });

  for (const [what, reconcile] of [
    ['a deed that nothing tells of', undefined],
    ['a deed whose world cannot be asked', () => Promise.reject(new Error('no answer'))],
  ] as const) {
    for (const decision of ['approve', 'deny'] as const) {
      it(`ask a person about ${what}; ${decision}`, async () => {
        const never = deed({ run: ({ signal }) => untilStopped(signal) });
        const first = crew.work('first', { provider: scripted(calls('deed')).provider, tools: [never.tool] });
        const job = await stage.hand('butler', 'Do a deed');
        await crew.saw(job, 'execution.started');
        await crew.loses(first);
        const { tool, done } = deed({ ...(reconcile ? { reconcile } : {}) });
        crew.work('second', { provider: scripted(says('So be it.')).provider, tools: [tool] });
        const question = await stage.question(job);
        assert.equal(question.title, 'Do again: Do a deed');
        await assert.rejects(stage.decide(question, 'approveForJob'));
        await stage.decide(question, decision);
        assert.equal((await stage.end(job)).state, 'completed');
        assert.equal(done.length, decision === 'approve' ? 1 : 0);
        await crew.golden(`again-${decision}`, job);
      });
    }
  }

  it('do a repeatable deed again without a question, and take over one that was done', async () => {
    for (const [repeatable, times] of [
      [true, 1],
      [false, 0],
    ] as const) {
      const never = deed({ run: ({ signal }) => untilStopped(signal), repeatable });
      const first = crew.work(`first ${repeatable}`, {
        provider: scripted(calls('deed')).provider,
        tools: [never.tool],
      });
      const job = await stage.hand('butler', 'Do a deed');
      await crew.saw(job, 'execution.started');
      await crew.loses(first);
      const done = deed({
        repeatable,
        reconcile: async () => ({ state: 'done', result: { output: 'It was done.' } }),
      });
      crew.work(`second ${repeatable}`, { provider: scripted(says('Done.')).provider, tools: [done.tool] });
      assert.equal((await stage.end(job)).state, 'completed');
      assert.equal(done.done.length, times);
      assert.equal(await crew.count(job, 'execution.finished'), 1);
      await crew.dismiss();
    }
  });

  it('note as cut off what a tool did that is no longer there', async () => {
    const never = deed({ run: ({ signal }) => untilStopped(signal) });
    const first = crew.work('first', { provider: scripted(calls('deed')).provider, tools: [never.tool] });
    const job = await stage.hand('butler', 'Do a deed');
    await crew.saw(job, 'execution.started');
    await crew.loses(first);
    crew.work('second', { provider: scripted(says('I do not know.')).provider, tools: [] });
    assert.equal((await stage.end(job)).state, 'completed');
    await crew.golden('toolGone', job);
  });

  it('acknowledge the abort of a job that nobody works on any more', async () => {
    const first = crew.work('first', { provider: scripted(write).provider });
    const job = await stage.hand('butler', 'Write a');
    await stage.question(job);
    await crew.loses(first);
    assert.ok((await abortJob(stage.butler, job.id, person)).ok);
    assert.equal((await stage.butler.store.job(job.id))?.state, 'aborting');
    crew.work('second');
    assert.equal((await stage.end(job)).state, 'aborted');
  });
});
