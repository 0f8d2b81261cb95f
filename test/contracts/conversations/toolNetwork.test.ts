import assert from 'node:assert/strict';
import * as z from 'zod';
import { abortJob } from '../../../server/core/jobs.ts';
import type { Tool } from '../../../server/core/ports/tool.ts';
import type { Effect } from '../../../server/protocol/effect.ts';
import type { EntryType } from '../../../server/protocol/entryData.ts';
import { bad, failures, good } from '../../../server/protocol/failure.ts';
import type { Mode } from '../../../server/protocol/policy.ts';
import type { Stage } from '../../support/stage.ts';
import { type Crew, calls, says, scripted, setCrew } from './crew.ts';
import { hurrying } from './model.ts';

/** A send to somewhere that a test can put out of reach, and change meanwhile. */
interface Post {
  readonly tool: Tool;
  /** What was sent, by execution. */
  readonly sent: string[];
  /** What can be reached: nothing, only enough to plan, or all. */
  reach: 'nothing' | 'plan' | 'all';
  address: string;
  tries: number;
}

function post(effect: (address: string) => Effect = (address) => ({ kind: 'send', address })): Post {
  const away = failures.offline('The post cannot be reached.');
  const one: Post = {
    sent: [],
    reach: 'all',
    address: 'somebody',
    tries: 0,
    tool: {
      name: 'post',
      description: 'Sends something.',
      input: z.strictObject({}),
      repeatable: false,
      plan: async () => {
        if (one.reach === 'nothing') return bad(away);
        const { address } = one;
        return good({
          title: `Send to ${address}`,
          effects: [effect(address)],
          exactly: address,
          preview: null,
        });
      },
      run: async (_input, _plan, { execution }) => {
        one.tries++;
        if (one.reach !== 'all') return bad(away);
        one.sent.push(execution);
        return good({ output: `Sent to ${one.address}.` });
      },
    },
  };
  return one;
}

describe('a tool that cannot reach the network', function () {
  this.timeout(60_000);
  let crew: Crew;
  let stage: Stage;
  beforeEach(async () => {
    crew = await setCrew();
    stage = crew.stage;
  });
  afterEach(() => crew.close());

  const work = (
    name: string,
    { tool }: Post,
    mode: Mode = 'ask',
    script = [calls('post'), says('Done.')],
  ) => {
    const { provider } = scripted(...script);
    return crew.work(name, { provider, tools: [tool], mode: () => mode });
  };
  /** Hands a job over, approves what it asks, and waits until it waits for the network. */
  const approved = async () => {
    const job = await stage.hand('butler', 'Send it');
    await stage.decide(await stage.question(job), 'approve');
    await crew.saw(job, 'network.awaited');
    return job;
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
    assert.equal(one.sent.length, 1);
    await crew.golden('plannedLater', job);
  });

  it('is done later under the approval that was given, once', async () => {
    const one = post();
    one.reach = 'plan';
    work('first', one);
    const job = await approved();
    one.reach = 'all';
    assert.equal((await hurrying(stage, job, 6_000)).state, 'completed');
    assert.equal(one.sent.length, 1);
    assert.deepEqual(await stepsOf(job), ['asked', 'started', 'ok']);
    await crew.golden('sentLater', job);
  });

  it('is asked for anew when what it would do changed meanwhile, and done once', async () => {
    const one = post();
    one.reach = 'plan';
    work('first', one);
    const job = await approved();
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
    const one = post();
    one.reach = 'plan';
    work('first', one);
    const job = await approved();
    one.address = 'somebody else';
    one.reach = 'all';
    stage.wait(6_000);
    await stage.decide(await stage.question(job), 'deny', 'not them');
    assert.equal((await stage.end(job)).state, 'completed');
    assert.deepEqual(one.sent, []);
    await crew.golden('deniedMeanwhile', job);
  });

  it('is not done when the policy forbids by then what it allowed', async () => {
    let place: 'workspace' | 'outside' = 'workspace';
    const one = post(() => ({ kind: 'write', path: '/w/a', shown: 'a', place, reversible: true }));
    one.reach = 'plan';
    work('first', one, 'assisted');
    const job = await stage.hand('butler', 'Send it');
    await crew.saw(job, 'network.awaited');
    place = 'outside';
    one.reach = 'all';
    assert.equal((await hurrying(stage, job, 6_000)).state, 'completed');
    assert.deepEqual(one.sent, []);
    assert.deepEqual(await stepsOf(job), ['started', 'interrupted']);
  });

  it('ends the job for the person to look at after three real tries in vain', async () => {
    const one = post();
    one.reach = 'plan';
    work('first', one);
    const job = await approved();
    const { state, failure } = await hurrying(stage, job, 60_000);
    assert.deepEqual([state, failure?.kind], ['failed', 'offline']);
    assert.equal(one.tries, 1 + 3);
    assert.deepEqual(await stepsOf(job), ['asked', 'started', 'error']);
  });

  it('is taken up by the next worker without a question, for nothing of it was under way', async () => {
    const one = post();
    one.reach = 'plan';
    const first = work('first', one);
    const job = await approved();
    await crew.loses(first);
    one.reach = 'all';
    work('second', one, 'ask', [says('Done.')]);
    assert.equal((await hurrying(stage, job, 6_000)).state, 'completed');
    assert.equal(one.sent.length, 1);
    assert.deepEqual(await stepsOf(job), ['asked', 'started', 'ok']);
    assert.equal((await stage.butler.store.job(job.id))?.offline, false);
  });

  it('is put to rest by an abort while it waits', async () => {
    const one = post();
    one.reach = 'plan';
    work('first', one);
    const job = await approved();
    assert.ok((await abortJob(stage.butler, job.id, 'person:test')).ok);
    assert.equal((await stage.end(job)).state, 'aborted');
    assert.deepEqual(await stepsOf(job), ['asked', 'started', 'error']);
  });

  /** What the journal says of a job's one call, in order. */
  const stepsOf = async ({ id }: { id: string }) => {
    const { entries } = await stage.butler.store.entries({ filter: { job: id }, after: 0, limit: 500 });
    return entries.flatMap((entry) => {
      if (entry.type === 'approval.requested') return 'asked';
      if (entry.type === 'execution.started') return 'started';
      return entry.type === 'execution.finished' ? entry.data.end : [];
    });
  };
});
