import assert from 'node:assert/strict';
import { abortJob } from '../../../server/core/jobs.ts';
import { approvalLifetime } from '../../../server/protocol/approval.ts';
import type { Effect } from '../../../server/protocol/effect.ts';
import { type Acting, acting, callsAll, decided, held, questions } from './asking.ts';
import { crewOfEachTest, says, scripted } from './crew.ts';

const send = (what: string): Effect[] => [{ kind: 'send', address: what }];

describe('calls of one message that must ask', () => {
  const { crew } = crewOfEachTest();

  const handOver = async (act: Acting, ...words: string[]) => {
    const { provider } = scripted(callsAll(...words), says('Done.'));
    const hand = crew.work('one', { provider, tools: [act.tool] });
    return { hand, job: await crew.stage.hand('butler', 'Act') };
  };

  it('ask at once, are decided one by one in any order, and are done in theirs', async () => {
    const { stage } = crew;
    const act = acting({ effects: send });
    const { job } = await handOver(act, 'a', 'b', 'c');
    const [a, b, c] = await questions(stage, job, 3);
    assert.ok(a && b && c);
    assert.equal(new Set([a.digest, b.digest, c.digest]).size, 3);
    await decided(stage, c, { decision: 'approve' });
    await decided(stage, b, { decision: 'deny', reason: 'not b' });
    assert.deepEqual(act.done, []);
    await decided(stage, a, { decision: 'approve' });
    assert.equal((await stage.end(job)).state, 'completed');
    assert.deepEqual(act.done, ['a', 'c']);
    assert.equal(await crew.count(job, 'approval.requested'), 3);
    await crew.golden('batch', job);
  });

  it('are asked together only as far as they can be planned; what becomes another thing is asked anew', async () => {
    const { stage } = crew;
    const act = acting({
      effects: send,
      isPossible: (what, done) => what !== 'later' || done.length > 0,
      exactly: (what, done) => (what === 'changing' ? done.length : what),
    });
    const { job } = await handOver(act, 'first', 'later', 'changing');
    const [first, changing] = await questions(stage, job, 2);
    assert.ok(first && changing);
    await decided(stage, changing, { decision: 'approve' });
    await decided(stage, first, { decision: 'approve' });
    const later = (await questions(stage, job, 1))[0];
    assert.equal(later?.title, 'Act: later');
    await decided(stage, later, { decision: 'approve' });
    const again = (await questions(stage, job, 1))[0];
    assert.equal(again?.title, 'Act: changing');
    assert.notEqual(again.digest, changing.digest);
    await decided(stage, again, { decision: 'deny' });
    await stage.end(job);
    assert.deepEqual(act.done, ['first', 'later']);
  });

  it('that "for this job" covers are put to rest at once', async () => {
    const { stage } = crew;
    const act = acting({ effects: (what) => (what === 'other' ? send(what) : [held('make')]) });
    const { job } = await handOver(act, 'a', 'b', 'other', 'c');
    const [a, , other] = await questions(stage, job, 4);
    assert.ok(a && other);
    await decided(stage, a, { decision: 'approveForJob' });
    assert.deepEqual((await questions(stage, job, 1))[0]?.id, other.id);
    await decided(stage, other, { decision: 'deny' });
    await stage.end(job);
    assert.deepEqual(act.done, ['a', 'b', 'c']);
  });

  it('are asked anew in their turn when they expired while nobody waited for them', async () => {
    const { stage } = crew;
    const goOn = Promise.withResolvers<void>();
    const act = acting({ effects: send, run: (what) => (what === 'a' ? goOn.promise : Promise.resolve()) });
    const { job } = await handOver(act, 'a', 'b');
    const [a, b] = await questions(stage, job, 2);
    assert.ok(a && b);
    await decided(stage, a, { decision: 'approve' });
    await crew.saw(job, 'execution.started');
    stage.wait(approvalLifetime + 1);
    await questions(stage, job, 0);
    goOn.resolve();
    const [again] = await questions(stage, job, 1);
    assert.ok(again && again.id !== b.id);
    await decided(stage, again, { decision: 'approve' });
    await stage.end(job);
    assert.deepEqual(act.done, ['a', 'b']);
  });

  it('keep what was decided while another one was at work: the reason, the answer and "for this job"', async () => {
    const { stage } = crew;
    const goOn = Promise.withResolvers<void>();
    const question: Effect = { kind: 'ask', question: 'Which?', choices: [] };
    const effects = { a: send('a'), b: send('b'), c: [question], d: [held('make')], e: [held('make')] };
    const act = acting({
      effects: (what) => effects[what as keyof typeof effects],
      run: (what) => (what === 'a' ? goOn.promise : Promise.resolve()),
    });
    const { job } = await handOver(act, 'a', 'b', 'c', 'd', 'e');
    const [a, b, c, d] = await questions(stage, job, 5);
    assert.ok(a && b && c && d);
    await decided(stage, a, { decision: 'approve' });
    await crew.saw(job, 'execution.started');
    await decided(stage, b, { decision: 'deny', reason: 'not to b' });
    await decided(stage, c, { decision: 'approve', answer: 'the red one' });
    await decided(stage, d, { decision: 'approveForJob' });
    goOn.resolve();
    assert.equal((await stage.end(job)).state, 'completed');
    assert.deepEqual(act.done, ['a', 'c', 'd', 'e']);
    assert.deepEqual(act.answers, [null, 'the red one', null, null]);
    const { turns } = await stage.transcript(job.session);
    const outputs = turns.flatMap((turn) =>
      turn.kind === 'assistant' ? turn.calls.map(({ output }) => output) : [],
    );
    assert.match(outputs[1] ?? '', /not to b/);
  });

  it('all expire when nobody looks, and nothing is done', async () => {
    const { stage } = crew;
    const act = acting({ effects: send });
    const { job } = await handOver(act, 'a', 'b');
    await questions(stage, job, 2);
    stage.wait(approvalLifetime + 1);
    assert.equal((await stage.end(job)).state, 'completed');
    assert.deepEqual(act.done, []);
    assert.equal(await crew.count(job, 'approval.requested'), 2);
  });

  it('go with the job when it is aborted', async () => {
    const { stage } = crew;
    const act = acting({ effects: send });
    const { job } = await handOver(act, 'a', 'b', 'c');
    const [, , c] = await questions(stage, job, 3);
    assert.ok(c);
    assert.ok((await abortJob(stage.butler, job.id, 'person:test')).ok);
    assert.equal((await stage.end(job)).state, 'aborted');
    assert.deepEqual(await stage.butler.store.pendingApprovals(), []);
    await assert.rejects(decided(stage, c, { decision: 'approve' }));
    assert.deepEqual(act.done, []);
  });

  it('are taken up by another worker after a crash, and no question is asked twice', async () => {
    const { stage } = crew;
    const act = acting({ effects: send });
    const { hand, job } = await handOver(act, 'a', 'b');
    const [a, b] = await questions(stage, job, 2);
    assert.ok(a && b);
    await crew.loses(hand);
    await decided(stage, b, { decision: 'approve' });
    crew.work('two', { provider: scripted(says('Done.')).provider, tools: [act.tool] });
    await crew.saw(job, 'job.recovered');
    await decided(stage, a, { decision: 'approve' });
    assert.equal((await stage.end(job)).state, 'completed');
    assert.deepEqual(act.done, ['a', 'b']);
    assert.equal(await crew.count(job, 'approval.requested'), 2);
  });
});
