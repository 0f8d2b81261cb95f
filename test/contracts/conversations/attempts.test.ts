import assert from 'node:assert/strict';
import { longestAttempt } from '../../../server/core/attempt.ts';
import { abortJob } from '../../../server/core/jobs.ts';
import type { Provider } from '../../../server/core/ports/provider.ts';
import { remedies } from '../../../server/core/retry.ts';
import { crewOfEachTest, type Hand, says, scripted } from './crew.ts';

describe('a provider that does not come to an end', () => {
  const { crew, stage } = crewOfEachTest();

  const never = () => new Promise<never>(() => undefined);
  /** Puts a worker to work whose provider says so when it is asked, and never more. */
  const endless = (name: string, then = says('At last.')): { hand: Hand; begun: Promise<void> } => {
    const { promise: begun, resolve } = Promise.withResolvers<void>();
    const first = () => {
      resolve();
      return never();
    };
    const { provider } = scripted(first, then);
    return { hand: crew.work(name, { provider }), begun };
  };

  it('keeps no job from being aborted, though it does not listen', async () => {
    const { begun } = endless('first');
    const job = await stage.hand('butler', 'Answer');
    await begun;
    assert.ok((await abortJob(stage.butler, job.id, 'person:test')).ok);
    assert.equal((await stage.end(job)).state, 'aborted');
    assert.equal(await crew.count(job, 'attempt.failed'), 0);
  });

  it('keeps no worker from going home', async () => {
    const { hand, begun } = endless('first');
    const job = await stage.hand('butler', 'Answer');
    await begun;
    await hand.stop();
    assert.equal((await stage.butler.store.job(job.id))?.state, 'running');
  });

  it('is given up after the longest time, and asked again', async () => {
    const { begun } = endless('first');
    const job = await stage.hand('butler', 'Answer');
    await begun;
    stage.wait(longestAttempt + 1);
    assert.equal((await stage.end(job)).state, 'completed');
    await crew.golden('givenUp', job);
  });

  it('is asked again when it only thought until its answer was as long as allowed', async () => {
    const thinks: Provider = {
      ...scripted().provider,
      async *stream() {
        const parts = [{ kind: 'thinking', text: 'What if' } as const];
        yield { kind: 'done', parts, stop: 'length', usage: null };
      },
    };
    crew.work('first', { provider: thinks });
    const job = await stage.hand('butler', 'Answer');
    const { state, failure } = await stage.end(job);
    assert.deepEqual([state, failure?.kind, failure?.field], ['failed', 'tooLong', 'answer']);
    assert.equal(await crew.count(job, 'attempt.failed'), remedies.tooLong.tries);
    assert.equal(await crew.count(job, 'message.added'), 0);
  });

  it('has nothing that it says too late shown to the person', async () => {
    const shown: string[] = [];
    const late = Promise.withResolvers<void>();
    const told = Promise.withResolvers<void>();
    const provider: Provider = {
      ...scripted().provider,
      async *stream() {
        // No secret begins with a space: an end that one may begin with is held back.
        yield { kind: 'text', text: 'in time ' };
        await late.promise;
        yield { kind: 'text', text: 'too late' };
        told.resolve();
      },
    };
    const said = Promise.withResolvers<void>();
    crew.work('first', {
      provider,
      emit: (passing) => {
        if (passing.kind !== 'token') return;
        shown.push(passing.text);
        said.resolve();
      },
    });
    const job = await stage.hand('butler', 'Answer');
    await said.promise;
    assert.ok((await abortJob(stage.butler, job.id, 'person:test')).ok);
    assert.equal((await stage.end(job)).state, 'aborted');
    late.resolve();
    await Promise.race([told.promise, new Promise((resolve) => setImmediate(resolve))]);
    assert.deepEqual(shown, ['in time ']);
  });
});
