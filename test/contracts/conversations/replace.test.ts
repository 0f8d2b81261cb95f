import assert from 'node:assert/strict';
import { abortJob, createJob } from '../../../server/core/jobs.ts';
import type { ProviderRequest } from '../../../server/core/ports/provider.ts';
import type { Job } from '../../../server/protocol/job.ts';
import { calls, crewOfEachTest, deed, says, scripted, untilStopped } from './crew.ts';
import { growOnly } from './model.ts';

const person = 'person:test';

describe('what a person said', function () {
  this.timeout(60_000);
  const { crew, stage } = crewOfEachTest();

  const replace = async (job: Job, text: string) => {
    const request = { session: job.session, text, kind: 'task', replaces: job.id } as const;
    return createJob(stage.butler, request, person);
  };
  const replaced = async (job: Job, text: string) => {
    const outcome = await replace(job, text);
    assert.ok(outcome.ok, outcome.ok ? '' : outcome.failure.what);
    return outcome.value;
  };

  it('is done one after another, each knowing what came before', async () => {
    const script = scripted(says('One.'), says('Two.'), says('Three.'));
    const first = await stage.hand('butler', 'First');
    const others = [
      await stage.hand('butler', 'Second', first.session),
      await stage.hand('butler', 'Third', first.session),
    ];
    crew.work('one', { provider: script.provider });
    crew.work('two', { provider: script.provider });
    for (const job of [first, ...others]) assert.equal((await stage.end(job)).state, 'completed');
    growOnly(script.asked.map(({ messages }) => messages));
    assert.deepEqual(script.asked.map(words).at(-1), ['First', 'Second', 'Third']);
  });

  it('is told anew in the place of the first time, and what came after it no more', async () => {
    const script = scripted(says('One.'), says('Two.'), says('Three.'), says('Other.'));
    crew.work('one', { provider: script.provider });
    const first = await stage.hand('butler', 'First');
    await stage.end(first);
    const second = await stage.hand('butler', 'Second', first.session);
    await stage.end(second);
    await stage.end(await stage.hand('butler', 'Third', first.session));
    await stage.end(await replaced(second, 'Second, otherwise'));
    assert.deepEqual(script.asked.map(words).at(-1), ['First', 'Second, otherwise']);
    const { replaced: gone } = await stage.transcript(first.session);
    assert.equal(Object.keys(gone).length, 2);
  });

  it('can be changed while it waits, and keeps its place in the queue', async () => {
    const jobs = [await stage.hand('butler', 'First')];
    const [first] = jobs;
    assert.ok(first);
    for (const text of ['Second', 'Third', 'Fourth']) {
      jobs.push(await stage.hand('butler', text, first.session));
    }
    const [, second, third] = jobs;
    assert.ok(second && third);
    await replaced(second, 'Second, otherwise');
    assert.ok((await abortJob(stage.butler, (await waiting('Third')).id, person)).ok);
    const script = scripted(says('One.'), says('Two.'), says('Four.'));
    crew.work('one', { provider: script.provider });
    await stage.end(await waiting('Fourth'));
    assert.deepEqual(script.asked.map(words).at(-1), ['First', 'Second, otherwise', 'Fourth']);

    async function waiting(title: string): Promise<Job> {
      const all = await stage.butler.store.jobs({ session: first?.session ?? '', limit: 20 });
      const found = all.find((job) => job.title === title && job.state === 'queued');
      assert.ok(found);
      return found;
    }
  });

  it('cannot be changed while its job is at work, nor to one of another session', async () => {
    const { tool } = deed({ run: ({ signal }) => untilStopped(signal) });
    crew.work('one', { provider: scripted(says('One.'), calls('deed')).provider, tools: [tool] });
    const first = await stage.hand('butler', 'First');
    await stage.end(first);
    const second = await stage.hand('butler', 'Second', first.session);
    await crew.saw(second, 'execution.started');
    for (const job of [first, second]) {
      const outcome = await replace(job, 'Otherwise');
      assert.equal(outcome.ok ? '' : outcome.failure.kind, 'conflict');
    }
    const stranger = { session: second.session, text: 'x', kind: 'task', replaces: 'nobody' } as const;
    const outcome = await createJob(stage.butler, stranger, person);
    assert.equal(outcome.ok ? '' : outcome.failure.kind, 'notFound');
    assert.ok((await abortJob(stage.butler, second.id, person)).ok);
    await stage.end(second);
  });

  it('is changed by one of two windows at once, and the other is told', async () => {
    crew.work('one', { provider: scripted(says('One.'), says('Two.')).provider });
    const first = await stage.hand('butler', 'First');
    await stage.end(first);
    const both = await Promise.all([replace(first, 'Otherwise'), replace(first, 'Or else')]);
    const [taken] = both.flatMap((outcome) => (outcome.ok ? [outcome.value] : []));
    const refusals = both.flatMap((outcome) => (outcome.ok ? [] : [outcome.failure.what]));
    assert.deepEqual(refusals, ['The session is still at work on that.']);
    assert.ok(taken);
    assert.equal((await stage.end(taken)).state, 'completed');
    assert.deepEqual((await stage.transcript(first.session)).replaced, { [first.id]: taken.id });
  });
});

const words = ({ messages }: ProviderRequest) =>
  messages.flatMap((message) => (message.role === 'user' ? [message.text] : []));
