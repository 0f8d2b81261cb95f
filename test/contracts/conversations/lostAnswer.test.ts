import assert from 'node:assert/strict';
import { abortJob } from '../../../server/core/jobs.ts';
import type { Job } from '../../../server/protocol/job.ts';
import { says } from './crew.ts';
import { hurrying } from './model.ts';
import { type Post, post, sendersOfEachTest } from './post.ts';

/** A post whose answer is lost, and whose other end can be asked what arrived. */
interface Letter extends Post {
  /** How often the other end cannot be asked yet. */
  deaf: number;
}

function letter(): Letter {
  const one: Letter = Object.assign(post(), { reach: 'one way' as const, deaf: 0 });
  one.tool.reconcile = async (_input, { execution }) => {
    if (one.deaf-- > 0) throw new Error('The other end does not answer.');
    if (!one.arrived.includes(execution)) return { state: 'notDone' };
    return { state: 'done', result: { output: 'It had arrived.' } };
  };
  return one;
}

describe('an act whose answer the network lost', function () {
  this.timeout(60_000);
  const { crew, stage, work, approved, stepsOf } = sendersOfEachTest();

  it('is found at the other end when that can be reached again, and is not done twice', async () => {
    const one = letter();
    work('first', one);
    const job = await approved();
    one.reach = 'all';
    await isDone(job, one, 'It had arrived.');
  });

  it('is recorded as what was approved, though it would be something else by then', async () => {
    const one = letter();
    work('first', one);
    const job = await approved();
    one.address = 'somebody else';
    await isDone(job, one, 'It had arrived.');
  });

  it('is done under the approval that was given where nothing of it arrived', async () => {
    const one = letter();
    one.reach = 'plan';
    work('first', one);
    const job = await approved();
    one.reach = 'all';
    await isDone(job, one, 'Sent to somebody.');
  });

  it('is waited for again while the other end cannot be asked', async () => {
    const one = letter();
    one.deaf = 1;
    work('first', one);
    await isDone(await approved(), one, 'It had arrived.');
  });

  it('is asked after by the next worker, where the first is gone', async () => {
    const one = letter();
    const first = work('first', one);
    const job = await approved();
    await crew.loses(first);
    work('second', one, { script: [says('Done.')] });
    await isDone(job, one, 'It had arrived.');
  });

  it('is told as not known by an abort while it waits', async () => {
    const one = letter();
    work('first', one);
    const job = await approved();
    assert.ok((await abortJob(stage.butler, job.id, 'person:test')).ok);
    assert.equal((await stage.end(job)).state, 'aborted');
    assert.equal((await stepsOf(job)).at(-1), 'error');
    assert.match((await outputOf(job)) ?? '', /What of it was done is not known/);
  });

  /** The job comes to its end, the act was done once, and the model was told so. */
  const isDone = async (job: Job, { arrived }: Letter, output: string) => {
    assert.equal((await hurrying(stage, job, 6_000)).state, 'completed');
    assert.equal(arrived.length, 1);
    assert.deepEqual(await stepsOf(job), ['asked', 'started', 'ok']);
    assert.equal(await outputOf(job), output);
  };
  const outputOf = async ({ session }: Job) => {
    const { turns } = await stage.transcript(session);
    const outputs = turns.flatMap((turn) => (turn.kind === 'assistant' ? turn.calls : []));
    return outputs.find((call) => call.tool === 'post')?.output;
  };
});
