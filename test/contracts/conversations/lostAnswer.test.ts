import assert from 'node:assert/strict';
import * as z from 'zod';
import { abortJob } from '../../../server/core/jobs.ts';
import type { Tool } from '../../../server/core/ports/tool.ts';
import { bad, failures, good } from '../../../server/protocol/failure.ts';
import type { Stage } from '../../support/stage.ts';
import { type Crew, calls, says, scripted, setCrew } from './crew.ts';
import { hurrying } from './model.ts';

/** A send whose answer a test can lose, and whose other end can be asked what arrived. */
interface Letter {
  readonly tool: Tool;
  /** What arrived, by execution. */
  readonly arrived: string[];
  loses: 'nothing' | 'the answer' | 'all';
  /** How often the other end cannot be asked yet. */
  deaf: number;
  address: string;
}

function letter(): Letter {
  const away = failures.offline('The post cannot be reached.');
  const one: Letter = {
    arrived: [],
    loses: 'the answer',
    deaf: 0,
    address: 'somebody',
    tool: {
      name: 'post',
      description: 'Sends something.',
      input: z.strictObject({}),
      repeatable: false,
      plan: async () => {
        const { address } = one;
        return good({
          title: `Send to ${address}`,
          effects: [{ kind: 'send', address }],
          exactly: address,
          preview: null,
        });
      },
      run: async (_input, _plan, { execution }) => {
        if (one.loses === 'all') return bad(away);
        one.arrived.push(execution);
        return one.loses === 'nothing' ? good({ output: `Sent to ${one.address}.` }) : bad(away);
      },
      reconcile: async (_input, { execution }) => {
        if (one.deaf-- > 0) throw new Error('The other end does not answer.');
        if (!one.arrived.includes(execution)) return { state: 'notDone' };
        return { state: 'done', result: { output: 'It had arrived.' } };
      },
    },
  };
  return one;
}

describe('an act whose answer the network lost', function () {
  this.timeout(60_000);
  let crew: Crew;
  let stage: Stage;
  beforeEach(async () => {
    crew = await setCrew();
    stage = crew.stage;
  });
  afterEach(() => crew.close());

  const work = (name: string, { tool }: Letter, script = [calls('post'), says('Done.')]) =>
    crew.work(name, { provider: scripted(...script).provider, tools: [tool], mode: () => 'ask' });
  /** Hands a job over, approves what it asks, and waits until it waits for the network. */
  const approved = async () => {
    const job = await stage.hand('butler', 'Send it');
    await stage.decide(await stage.question(job), 'approve');
    await crew.saw(job, 'network.awaited');
    return job;
  };

  it('is found at the other end when that can be reached again, and is not done twice', async () => {
    const one = letter();
    work('first', one);
    const job = await approved();
    one.loses = 'nothing';
    assert.equal((await hurrying(stage, job, 6_000)).state, 'completed');
    assert.equal(one.arrived.length, 1);
    assert.deepEqual(await stepsOf(job), ['asked', 'started', 'ok: It had arrived.']);
  });

  it('is recorded as what was approved, though it would be something else by then', async () => {
    const one = letter();
    work('first', one);
    const job = await approved();
    one.address = 'somebody else';
    assert.equal((await hurrying(stage, job, 6_000)).state, 'completed');
    assert.equal(one.arrived.length, 1);
    assert.deepEqual(await stepsOf(job), ['asked', 'started', 'ok: It had arrived.']);
  });

  it('is done under the approval that was given where nothing of it arrived', async () => {
    const one = letter();
    one.loses = 'all';
    work('first', one);
    const job = await approved();
    one.loses = 'nothing';
    assert.equal((await hurrying(stage, job, 6_000)).state, 'completed');
    assert.equal(one.arrived.length, 1);
    assert.deepEqual(await stepsOf(job), ['asked', 'started', 'ok: Sent to somebody.']);
  });

  it('is waited for again while the other end cannot be asked', async () => {
    const one = letter();
    one.deaf = 1;
    work('first', one);
    const job = await approved();
    assert.equal((await hurrying(stage, job, 6_000)).state, 'completed');
    assert.deepEqual(await stepsOf(job), ['asked', 'started', 'ok: It had arrived.']);
  });

  it('is asked after by the next worker, where the first is gone', async () => {
    const one = letter();
    const first = work('first', one);
    const job = await approved();
    await crew.loses(first);
    work('second', one, [says('Done.')]);
    assert.equal((await hurrying(stage, job, 6_000)).state, 'completed');
    assert.equal(one.arrived.length, 1);
    assert.deepEqual(await stepsOf(job), ['asked', 'started', 'ok: It had arrived.']);
  });

  it('is told as not known by an abort while it waits', async () => {
    const one = letter();
    work('first', one);
    const job = await approved();
    assert.ok((await abortJob(stage.butler, job.id, 'person:test')).ok);
    assert.equal((await stage.end(job)).state, 'aborted');
    const [last] = (await stepsOf(job)).slice(-1);
    assert.match(last ?? '', /^error: .*What of it was done is not known/);
  });

  /** What the journal says of a job's one call, in order, with what the model was told. */
  const stepsOf = async ({ id, session }: { id: string; session: string }) => {
    const { entries } = await stage.butler.store.entries({ filter: { job: id }, after: 0, limit: 500 });
    const { turns } = await stage.transcript(session);
    const outputs = turns.flatMap((turn) => (turn.kind === 'assistant' ? turn.calls : []));
    const output = outputs.find((call) => call.tool === 'post')?.output;
    return entries.flatMap((entry) => {
      if (entry.type === 'approval.requested') return 'asked';
      if (entry.type === 'execution.started') return 'started';
      return entry.type === 'execution.finished' ? `${entry.data.end}: ${output}` : [];
    });
  };
});
