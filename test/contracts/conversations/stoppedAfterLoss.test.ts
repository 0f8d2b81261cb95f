import assert from 'node:assert/strict';
import { abortJob } from '../../../server/core/jobs.ts';
import type { Reconciliation, Tool, ToolContext } from '../../../server/core/ports/tool.ts';
import { good } from '../../../server/protocol/failure.ts';
import { until } from '../../support/stage.ts';
import { calls, crewOfEachTest, deed, says, scripted, untilStopped } from './crew.ts';

describe('what was in the middle when a job was stopped whose worker was lost', function () {
  this.timeout(60_000);
  const { crew, stage } = crewOfEachTest();
  const stands = { state: 'done', result: { output: 'It was done.', undo: 'how' } } as const;

  it('is asked for, recorded and taken back where it stands', async () => {
    const job = await lost();
    await stop(job);
    const { tool, taken } = remembered(async () => stands);
    crew.work('second', { tools: [tool] });
    await ended(job, 'undone');
    assert.deepEqual(taken, ['how']);
  });

  it('is told as not done, or as not known, where nothing more can be said', async () => {
    for (const [answer, state] of [
      [async () => ({ state: 'notDone' }) as const, 'error'],
      [async () => ({ state: 'unknown' }) as const, 'interrupted'],
      [() => Promise.reject(new Error('no answer')), 'interrupted'],
    ] as const) {
      const job = await lost();
      await stop(job);
      const { tool, taken } = remembered(answer);
      crew.work(`second ${state}`, { tools: [tool] });
      await ended(job, state);
      assert.deepEqual(taken, []);
      await crew.dismiss();
    }
  });

  it('is taken back too where the job was stopped as another worker was taking it up', async () => {
    const job = await lost();
    const { tool, taken, asked } = heldUp();
    crew.work('second', { provider: scripted(says('?')).provider, tools: [tool] });
    await asked;
    await stop(job);
    await ended(job, 'undone');
    assert.deepEqual(taken, ['how']);
  });

  it('is left to the next worker where this one ends meanwhile', async () => {
    const job = await lost();
    await stop(job);
    const { tool, taken, asked } = heldUp();
    const second = crew.work('second', { tools: [tool] });
    await asked;
    await crew.loses(second);
    assert.equal((await stage.butler.store.job(job.id))?.state, 'aborting');
    crew.work('third', { tools: [tool] });
    await ended(job, 'undone');
    assert.deepEqual(taken, ['how']);
  });

  /** A deed whose world answers only when it is asked again; who asked first is stopped. */
  const heldUp = () => {
    const first = Promise.withResolvers<void>();
    let isAsked = false;
    const deeds = remembered(async ({ signal }) => {
      if (isAsked) return stands;
      isAsked = true;
      first.resolve();
      await untilStopped(signal);
      throw new Error('It was called off.');
    });
    return { ...deeds, asked: first.promise };
  };

  /** A job whose worker was lost in the middle of its deed. */
  const lost = async () => {
    const never = deed({ run: ({ signal }) => untilStopped(signal) });
    const first = crew.work('first', { provider: scripted(calls('deed')).provider, tools: [never.tool] });
    const job = await stage.hand('butler', 'Do a deed');
    await crew.saw(job, 'execution.started');
    await crew.loses(first);
    return job;
  };

  const stop = async ({ id }: { id: string }) =>
    assert.ok((await abortJob(stage.butler, id, 'person:test')).ok);

  /** The job ends as stopped, and its deed as said. */
  const ended = async (job: Awaited<ReturnType<typeof lost>>, state: string) => {
    assert.equal((await stage.end(job)).state, 'aborted');
    await until(stage.butler, async () => {
      const [execution] = await stage.butler.store.executions(job.id);
      return execution?.state === state ? true : null;
    });
  };
});

/** A deed whose world can be asked, and what was taken back of it. */
function remembered(ask: (context: ToolContext) => Promise<Reconciliation>): {
  tool: Tool;
  taken: unknown[];
} {
  const taken: unknown[] = [];
  const undo: Tool['undo'] = async (how) => {
    taken.push(how);
    return good(undefined);
  };
  const { tool } = deed({ reconcile: (_input, context) => ask(context) });
  return { tool: { ...tool, undo }, taken };
}
