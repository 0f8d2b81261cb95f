import assert from 'node:assert/strict';
import { createAbility, deleteAbility } from '../../../server/core/abilities.ts';
import { abortJob, setPaused } from '../../../server/core/jobs.ts';
import type { Provider } from '../../../server/core/ports/provider.ts';
import { AbilityDraft } from '../../../server/protocol/ability.ts';
import { failures } from '../../../server/protocol/failure.ts';
import { calls, crewOfEachTest, deed, hire, lease, says, scripted, untilStopped } from './crew.ts';

const person = 'person:test';

describe('workers and their jobs', function () {
  this.timeout(60_000);
  const { crew, stage } = crewOfEachTest();

  it('tell the model of a tool that throws, and go on', async () => {
    const { tool } = deed({ run: () => Promise.reject(new Error('a bug in the deed')) });
    crew.work('one', { provider: scripted(calls('deed'), says('It did not work.')).provider, tools: [tool] });
    const job = await stage.hand('butler', 'Do a deed');
    assert.equal((await stage.end(job)).state, 'completed');
    await crew.golden('toolThrows', job);
  });

  it('end the job of a provider that throws, and take the next one', async () => {
    const broken = () => Promise.reject(new Error('a bug in the provider'));
    crew.work('one', { provider: scripted(broken, says('Here.')).provider });
    const job = await stage.hand('butler', 'One');
    assert.equal((await stage.end(job)).failure?.kind, 'internal');
    await stage.end(await stage.hand('butler', 'Two', job.session));
    await crew.golden('providerThrows', job);
  });

  it('end a job whose Ability was deleted while it waited in the queue', async () => {
    const draft = AbilityDraft.parse({ name: 'Short-lived' });
    assert.ok((await createAbility(stage.butler, { draft }, person)).ok);
    const job = await stage.hand('short-lived', '/help');
    assert.ok((await deleteAbility(stage.butler, 'short-lived', person)).ok);
    crew.work('one');
    const { state, failure } = await stage.end(job);
    assert.deepEqual([state, failure?.what], ['failed', 'There is no Ability "short-lived".']);
  });

  it('claim nothing while all work is paused, and go on after', async () => {
    assert.ok((await setPaused(stage.butler, true, person)).ok);
    const hand = crew.work('one');
    const jobs = [await stage.hand('butler', '/help'), await stage.hand('butler', '/help')];
    hand.wake();
    stage.wait(lease);
    for (const job of jobs) assert.equal((await stage.butler.store.job(job.id))?.state, 'queued');
    assert.ok((await abortJob(stage.butler, jobs[0]?.id ?? '', person)).ok);
    assert.ok((await setPaused(stage.butler, false, person)).ok);
    const states = await Promise.all(jobs.map(async (job) => (await stage.end(job)).state));
    assert.deepEqual(states, ['aborted', 'completed']);
  });

  it('stop a tool in the middle when its job is aborted, and note how far it came', async () => {
    const { tool } = deed({
      run: ({ signal }) => untilStopped(signal),
    });
    crew.work('one', { provider: scripted(calls('deed')).provider, tools: [tool] });
    const job = await stage.hand('butler', 'Do a deed');
    await crew.saw(job, 'execution.started');
    assert.ok((await abortJob(stage.butler, job.id, person)).ok);
    assert.equal((await stage.end(job)).state, 'aborted');
    await crew.golden('abortedInTool', job);
  });

  it('stop waiting for a limit when the job is aborted', async () => {
    const limited: Provider = {
      ...scripted().provider,
      async *stream() {
        yield { kind: 'failed', failure: failures.limited('Script', stage.butler.clock.now() + 50_000) };
      },
    };
    crew.work('one', { provider: limited });
    const job = await stage.hand('butler', 'Answer');
    await crew.saw(job, 'attempt.failed');
    assert.ok((await abortJob(stage.butler, job.id, person)).ok);
    assert.equal((await stage.end(job)).state, 'aborted');
    assert.equal(await crew.count(job, 'attempt.failed'), 1);
  });

  it('do nothing that was approved and aborted at once', async () => {
    const { tool, done } = deed({ asked: true });
    crew.work('one', { provider: scripted(calls('deed')).provider, tools: [tool] });
    const job = await stage.hand('butler', 'Do a deed');
    const question = await stage.question(job);
    await Promise.all([stage.decide(question, 'approve'), abortJob(stage.butler, job.id, person)]);
    assert.equal((await stage.end(job)).state, 'aborted');
    assert.deepEqual(done, []);
  });

  it('leave a job to the one that took it over, whatever comes of it later', async () => {
    const begun = Promise.withResolvers<void>();
    const late = Promise.withResolvers<void>();
    const hung = scripted(async () => {
      begun.resolve();
      await late.promise;
      return [{ kind: 'text', text: 'Too late.' }];
    });
    const frozen = { ...stage.butler.clock, sleep: () => new Promise<void>(() => undefined) };
    const first = hire(stage, 'first', { providers: () => [hung.provider], clock: frozen });
    const job = await stage.hand('butler', 'Answer');
    await begun.promise;
    stage.wait(lease + 1);
    crew.work('second', { provider: scripted(says('In time.')).provider });
    assert.equal((await stage.end(job)).state, 'completed');
    late.resolve();
    while (first.running() > 0) await new Promise((resolve) => setImmediate(resolve));
    assert.match(first.reports.join(), /Another worker has taken over this job/);
    await crew.golden('takenOver', job);
  });

  it('do the jobs of a session one after another, while those of other sessions go on', async () => {
    const held = Promise.withResolvers<undefined>();
    const { tool } = deed({ run: () => held.promise });
    const script = scripted(calls('deed'), says('Other.'), says('The first is done.'), says('So is this.'));
    for (const name of ['one', 'two']) crew.work(name, { provider: script.provider, tools: [tool] });
    const first = await stage.hand('butler', 'First');
    await crew.saw(first, 'execution.started');
    const second = await stage.hand('butler', 'Second', first.session);
    assert.equal((await stage.end(await stage.hand('butler', 'Elsewhere'))).state, 'completed');
    assert.equal((await stage.butler.store.job(second.id))?.state, 'queued');
    held.resolve(undefined);
    await stage.end(first);
    assert.equal((await stage.end(second)).state, 'completed');
    const [begun, , done, next] = script.asked.map(({ messages }) => messages);
    assert.deepEqual(done?.slice(0, begun?.length), begun);
    assert.deepEqual(next?.slice(0, done?.length), done);
  });
});
