import assert from 'node:assert/strict';
import { abortJob } from '../../../server/core/jobs.ts';
import type { ProviderRequest } from '../../../server/core/ports/provider.ts';
import { steerJob } from '../../../server/core/steer.ts';
import type { Job } from '../../../server/protocol/job.ts';
import { type Answering, calls, crewOfEachTest, deed, says, scripted, untilStopped } from './crew.ts';
import { growOnly } from './model.ts';

const person = 'person:test';

describe('a job that is spoken to while it works', function () {
  this.timeout(60_000);
  const { crew, stage } = crewOfEachTest();

  const steer = async (job: Job, text: string) => {
    const outcome = await steerJob(stage.butler, { id: job.id, text }, person);
    assert.ok(outcome.ok, outcome.ok ? '' : outcome.failure.what);
  };
  const refused = async (job: Job) => {
    const outcome = await steerJob(stage.butler, { id: job.id, text: 'And this.' }, person);
    assert.ok(!outcome.ok);
    return [outcome.failure.kind, outcome.failure.what, outcome.failure.mend];
  };

  it('hears it with the result of the tool that ran', async () => {
    const held = Promise.withResolvers<undefined>();
    const { tool } = deed({ run: () => held.promise });
    const script = scripted(calls('deed'), says('Both are done.'));
    crew.work('one', { provider: script.provider, tools: [tool] });
    const job = await stage.hand('butler', 'Do a deed');
    await crew.saw(job, 'execution.started');
    await steer(job, 'And say so.');
    held.resolve(undefined);
    assert.equal((await stage.end(job)).state, 'completed');
    assert.deepEqual(script.asked.map(roles), ['user', 'user assistant tool user']);
    growOnly(script.asked.map(({ messages }) => messages));
    await crew.golden('steeredInTool', job);
  });

  it('answers once more when it was said while the last answer was on its way', async () => {
    const [slow, begun, go] = slowly('Done.');
    const script = scripted(slow, says('And that too.'));
    crew.work('one', { provider: script.provider });
    const job = await stage.hand('butler', 'Do it');
    await begun;
    await steer(job, 'And that.');
    await steer(job, 'And this.');
    go();
    assert.equal((await stage.end(job)).state, 'completed');
    assert.deepEqual(script.asked.map(roles), ['user', 'user assistant user user']);
    growOnly(script.asked.map(({ messages }) => messages));
    await crew.golden('steeredInAnswer', job);
  });

  it('hears it before the round after the news of it, which from another process come late', async () => {
    const { store } = stage.butler;
    const news = new Set<() => void>();
    const watch: typeof store.watch = (listener) => {
      const late = () => listener(null);
      news.add(late);
      return () => news.delete(late);
    };
    const { tool } = deed();
    const script = scripted(
      async (request, signal) => {
        await steer(job, 'And this.');
        return calls('deed')(request, signal);
      },
      (request, signal) => {
        for (const tell of news) tell();
        return calls('deed')(request, signal);
      },
      says('Both are done.'),
    );
    const job = await stage.hand('butler', 'Do a deed');
    crew.work('one', { provider: script.provider, tools: [tool], store: { ...store, watch } });
    assert.equal((await stage.end(job)).state, 'completed');
    assert.deepEqual(script.asked.map(roles), [
      'user',
      'user assistant tool',
      'user assistant tool assistant tool user',
    ]);
    growOnly(script.asked.map(({ messages }) => messages));
  });

  it('goes on when it was said in the moment between its last look and its end', async () => {
    const script = scripted(says('Done.'), says('And that too.'));
    const { store } = stage.butler;
    let said = false;
    const append: typeof store.append = async (drafts, fence) => {
      const [draft] = drafts;
      if (draft?.type === 'job.completed' && !said) {
        said = true;
        await steer(job, 'And that.');
      }
      return store.append(drafts, fence);
    };
    const job = await stage.hand('butler', 'Do it');
    crew.work('one', { provider: script.provider, store: { ...store, append } });
    assert.equal((await stage.end(job)).state, 'completed');
    assert.deepEqual(script.asked.map(roles), ['user', 'user assistant user']);
  });

  it('says so when it has ended, waits for its turn or is being stopped', async () => {
    const anew = 'Hand it over as a new job.';
    const [slow, begun, go] = slowly('Done.');
    const stays = deed({ run: ({ signal }) => untilStopped(signal) });
    const script = scripted(slow, calls('deed'));
    crew.work('one', { provider: script.provider, tools: [stays.tool] });
    const job = await stage.hand('butler', 'Do it');
    await begun;
    const next = await stage.hand('butler', 'Then this', job.session);
    assert.deepEqual(await refused(next), [
      'conflict',
      'The job waits for its turn.',
      'Change its words instead.',
    ]);
    go();
    await stage.end(job);
    assert.deepEqual(await refused(job), ['conflict', 'The job has ended.', anew]);
    await crew.saw(next, 'execution.started');
    await crew.dismiss();
    assert.ok((await abortJob(stage.butler, next.id, person)).ok);
    assert.deepEqual(await refused(next), ['conflict', 'The job is being stopped.', anew]);
  });

  it('loses none of it with a worker that dies, and tells it in the same place', async () => {
    const never = deed({ run: ({ signal }) => untilStopped(signal) });
    const first = crew.work('first', { provider: scripted(calls('deed')).provider, tools: [never.tool] });
    const job = await stage.hand('butler', 'Do a deed');
    await crew.saw(job, 'execution.started');
    await steer(job, 'And say so.');
    await crew.loses(first);
    const { tool } = deed({ repeatable: true });
    const [slow, begun] = slowly('Said.');
    const second = scripted(slow);
    const hand = crew.work('second', { provider: second.provider, tools: [tool] });
    await begun;
    await steer(job, 'And this.');
    await crew.loses(hand);
    const third = scripted(says('All is said.'));
    crew.work('third', { provider: third.provider, tools: [tool] });
    assert.equal((await stage.end(job)).state, 'completed');
    const all = [...second.asked, ...third.asked];
    assert.deepEqual(all.map(roles), ['user assistant tool user', 'user assistant tool user user']);
    growOnly(all.map(({ messages }) => messages));
    await crew.golden('steeredBeforeCrash', job);
  });
});

/** An answer that is held back until it is told to go; there is none where its run stops. */
function slowly(text: string): [answer: Answering, begun: Promise<void>, go: () => void] {
  const begun = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const answer: Answering = async (_request, signal) => {
    begun.resolve();
    await Promise.race([held.promise, untilStopped(signal)]);
    signal.throwIfAborted();
    return [{ kind: 'text', text }];
  };
  return [answer, begun.promise, held.resolve];
}

const roles = ({ messages }: ProviderRequest) => messages.map(({ role }) => role).join(' ');
