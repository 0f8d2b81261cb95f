import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as z from 'zod';
import { type RunEnd, runJob } from '../../../server/core/agentLoop.ts';
import { createJob } from '../../../server/core/jobs.ts';
import { mostTries } from '../../../server/core/network.ts';
import type { Provider, ProviderEvent } from '../../../server/core/ports/provider.ts';
import type { Store } from '../../../server/core/ports/store.ts';
import type { Tool } from '../../../server/core/ports/tool.ts';
import { bad, type FailureKind, failures, good } from '../../../server/protocol/failure.ts';
import type { Job } from '../../../server/protocol/job.ts';
import type { Part } from '../../../server/protocol/provider.ts';
import { hurried } from '../../support/hurried.ts';
import { type Stage, setStage } from '../../support/stage.ts';

/**
 * What goes wrong in a job: with each request in turn, how often each send reaches nothing, and after which
 * entries its worker dies.
 */
interface Trouble {
  readonly faults: readonly (readonly FailureKind[])[];
  readonly sends: readonly number[];
  /** How many entries each worker in turn records before it dies, and whether the last one was written. */
  readonly deaths: readonly { readonly after: number; readonly written: boolean }[];
}

const rounds = 6;
const passing = fc.constantFrom<FailureKind>('cut', 'malformed', 'overloaded', 'limited', 'offline');
const trouble: fc.Arbitrary<Trouble> = fc.record({
  faults: fc.array(fc.array(passing, { maxLength: 3 }), { maxLength: 2 * rounds }),
  sends: fc.array(fc.integer({ min: 0, max: mostTries }), { maxLength: rounds }),
  deaths: fc.array(fc.record({ after: fc.integer({ min: 1, max: 9 }), written: fc.boolean() }), {
    maxLength: 8,
  }),
});

describe('any faults and crashes of a job', function () {
  this.timeout(120_000);
  let stage: Stage;
  let whole: Awaited<ReturnType<typeof outcome>>;
  before(async () => {
    stage = await setStage({ serve: false, mode: 'assisted' });
    whole = await outcome(stage, { faults: [], sends: [], deaths: [] });
  });
  after(() => stage.close());

  it('leave the journal that it has without them, but for the tries, and nothing is done twice', () =>
    fc.assert(
      fc.asyncProperty(trouble, async (one) => {
        assert.deepEqual(await outcome(stage, one), whole);
      }),
      { numRuns: 80 },
    ));
});

/** Runs one job of several rounds with its trouble, worker after worker; answers what it said and did. */
async function outcome({ butler, workspace }: Stage, { faults, sends, deaths }: Trouble) {
  const { store } = butler;
  const request = { ability: 'butler', workspace, text: 'Send six', kind: 'task' } as const;
  assert.ok((await createJob(butler, request, 'person:test')).ok);
  const job = (await store.claim('worker', 'any', 3_600_000)) as Job;
  const sent: string[] = [];
  const parts = { ...butler, tools: [sender(sent, [...sends])], clock: hurried(butler.clock) };
  const provider = model(faults.map((some) => [...some]));
  const signal = new AbortController().signal;
  const control = { worker: 'worker', signal, waiting: () => undefined };
  const dying = [...deaths];
  let end: RunEnd = { end: 'stopped', failure: null };
  while (end.end === 'stopped') {
    const ports = { ...parts, store: mortal(store, dying.shift()), providers: () => [provider] };
    end = await runJob(job, ports, control);
  }
  const last = { stream: job.session, job: job.id, actor: 'worker' };
  await store.append([{ ...last, type: 'job.completed', data: {} }]);
  const { entries } = await store.entries({ filter: { job: job.id }, after: 0, limit: 5_000, bodies: true });
  const told = entries
    .filter(({ type }) => type === 'message.added' || type === 'execution.finished')
    .map(({ type, body }) => ({ type, body }));
  return { end: end.end, told, sent: sent.map((what) => what.split(' ')[0]) };
}

/** A store on which a worker is dead after so many of its own entries. */
function mortal(store: Store, death?: Trouble['deaths'][number]): Store {
  let left = death?.after ?? Number.POSITIVE_INFINITY;
  return {
    ...store,
    append: async (drafts, fence) => {
      const dies = fence !== undefined && --left <= 0;
      if (dies && !(left === 0 && death?.written)) return bad(failures.conflict('It is dead.', 'Go on.'));
      const appended = await store.append(drafts, fence);
      return dies ? bad(failures.conflict('It died.', 'Go on.')) : appended;
    },
  };
}

/** Asks for one send a round; what it answers follows from the conversation alone, once its faults are over. */
function model(faults: FailureKind[][]): Provider {
  return {
    name: 'offline',
    kind: 'anthropic',
    local: false,
    title: 'Model',
    about: '',
    needsKey: false,
    models: ['claude-sonnet-5-5'],
    reachable: async () => true,
    async *stream({ messages }): AsyncGenerator<ProviderEvent> {
      const said = messages.filter(({ role }) => role === 'assistant').length;
      const kind = faults[0]?.shift();
      if (kind) {
        yield { kind: 'text', text: 'Half an ans' };
        yield { kind: 'failed', failure: { kind, what: 'It failed.', mend: 'Mend it.' } };
        return;
      }
      faults.shift();
      const call: Part = { kind: 'call', call: `call-${said}`, tool: 'send', input: { number: said } };
      const text: Part = { kind: 'text', text: 'All is sent.' };
      const parts = said < rounds ? [call] : [text];
      yield { kind: 'done', parts, stop: said < rounds ? 'calls' : 'end', usage: null };
    },
  };
}

/** Sends once for all; what was sent can be asked of the world by the execution that sent it. */
function sender(sent: string[], away: number[]): Tool<{ number: number }> {
  const result = (number: number) => ({ output: `Number ${number} is sent.` });
  return {
    name: 'send',
    description: 'Sends a number.',
    input: z.strictObject({ number: z.int() }),
    repeatable: false,
    plan: async ({ number }) =>
      good({ title: `Send ${number}`, effects: [], exactly: number, preview: null }),
    run: async ({ number }, _plan, { execution }) => {
      const left = away[number] ?? 0;
      away[number] = left - 1;
      if (left > 0) return bad(failures.offline('The post cannot be reached.'));
      sent.push(`${number} ${execution}`);
      return good(result(number));
    },
    reconcile: async ({ number }, { execution }) =>
      sent.includes(`${number} ${execution}`)
        ? { state: 'done', result: result(number) }
        : { state: 'notDone' },
  };
}
