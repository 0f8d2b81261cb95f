import assert from 'node:assert/strict';
import type { EntryType } from '../protocol/entryData.ts';
import type { Entry } from '../protocol/journal.ts';
import { openMeter } from './meter.ts';

/** How long a job was at work, by what befell it and in which minute. */
function worked(...story: readonly (readonly [minute: number, type: EntryType, name?: string])[]): number {
  const meter = openMeter('j');
  for (const [time, type, name] of story) {
    const data = type === 'approval.requested' ? { approval: { id: name } } : { tool: name, approval: name };
    meter.take({ job: 'j', time, type, data } as unknown as Entry);
  }
  return meter.worked(100);
}

describe('the time that a job is at work', () => {
  it('begins when it is claimed, not when it was handed over or allowed', () => {
    assert.equal(worked([0, 'job.created'], [10, 'job.approved']), 0);
    assert.equal(worked([0, 'job.created'], [10, 'job.approved'], [30, 'job.claimed']), 70);
  });

  it('is not that in which it waits for a person or the network', () => {
    assert.equal(worked([0, 'job.claimed'], [10, 'approval.requested'], [90, 'approval.decided']), 20);
    assert.equal(worked([0, 'job.claimed'], [10, 'network.awaited'], [80, 'network.returned']), 30);
  });

  it('is not that in which it waits for the last of several questions, but that of what was allowed meanwhile', () => {
    const asked = [
      [0, 'job.claimed'],
      [10, 'approval.requested', 'a'],
      [10, 'approval.requested', 'b'],
    ] as const;
    assert.equal(worked(...asked, [50, 'approval.decided', 'b']), 10);
    const first = [...asked, [50, 'approval.decided', 'a'], [50, 'execution.started', 'act']] as const;
    assert.equal(worked(...first, [70, 'execution.finished']), 30);
    assert.equal(worked(...first, [60, 'approval.decided', 'b'], [70, 'execution.finished']), 60);
    assert.equal(worked(...first, [70, 'execution.finished'], [90, 'approval.decided', 'b']), 40);
  });

  it('is not that in which nobody works on it', () => {
    assert.equal(worked([0, 'job.claimed'], [10, 'message.added'], [90, 'job.recovered']), 20);
  });

  it('is not that of a specialist, which has its own', () => {
    const calls = (tool: string) => [[0, 'job.claimed'] as const, [10, 'execution.started', tool] as const];
    assert.equal(worked(...calls('delegate'), [20, 'job.recovered'], [80, 'execution.finished']), 30);
    assert.equal(worked(...calls('run_command'), [80, 'execution.finished']), 100);
  });

  it('stands still while it waits, whoever takes it over and whatever is said to it', () => {
    const waits = [[0, 'job.claimed'] as const, [10, 'network.awaited'] as const];
    assert.equal(worked(...waits, [20, 'job.recovered']), 10);
    assert.equal(worked(...waits, [20, 'job.steered'], [30, 'network.awaited']), 10);
    assert.equal(worked(...waits, [20, 'job.recovered'], [90, 'network.returned']), 20);
    assert.equal(worked([0, 'job.claimed'], [10, 'approval.requested'], [20, 'job.recovered']), 10);
  });
});

describe('what a job spent', () => {
  it('is its answers, and what its executions paid, known or not', () => {
    const meter = openMeter('j');
    const take = (type: EntryType, data: object, job = 'j') =>
      meter.take({ job, time: 0, type, data } as unknown as Entry);
    take('message.added', { usage: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 }, usd: 0.5 });
    take('execution.noted', { execution: 'e', usd: 0.25 });
    take('execution.noted', { execution: 'e' });
    take('execution.noted', { execution: 'f', usd: 9 }, 'another');
    assert.deepEqual(meter.spent(), { tokens: 2, usd: 0.75, unpriced: false, rounds: 1 });
    take('execution.noted', { execution: 'e', usd: null });
    assert.deepEqual(meter.spent(), { tokens: 2, usd: 0.75, unpriced: true, rounds: 1 });
  });
});
