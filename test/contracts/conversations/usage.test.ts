import assert from 'node:assert/strict';
import type { RunPorts } from '../../../server/core/jobRun.ts';
import { abortJob } from '../../../server/core/jobs.ts';
import type { Provider, ProviderEvent } from '../../../server/core/ports/provider.ts';
import type { Runtime, RuntimeEvent } from '../../../server/core/ports/runtime.ts';
import { saveSettings } from '../../../server/core/settings.ts';
import type { Ability } from '../../../server/protocol/ability.ts';
import { defaultBudget } from '../../../server/protocol/cost.ts';
import type { EntryData } from '../../../server/protocol/entryData.ts';
import { failures } from '../../../server/protocol/failure.ts';
import type { Job } from '../../../server/protocol/job.ts';
import type { Part, Usage } from '../../../server/protocol/provider.ts';
import { crewOfEachTest, untilStopped } from './crew.ts';

type Ending = Extract<ProviderEvent, { kind: 'done' | 'failed' }>;

const counted: Usage = { input: 70, output: 30, cacheRead: 0, cacheWrite: 0 };
const whole = (text: string, usage: Usage | null = null): ProviderEvent[] => [
  { kind: 'text', text },
  { kind: 'done', parts: [{ kind: 'text', text }], stop: 'end', usage },
];
const looks = (usage: Usage | null): ProviderEvent[] => {
  const parts: Part[] = [{ kind: 'call', call: 'c1', tool: 'list_files', input: { path: '.' } }];
  return [
    { kind: 'tool', tool: 'list_files' },
    { kind: 'done', parts, stop: 'calls', usage },
  ];
};
const cut: Ending = { kind: 'failed', failure: failures.cut('A service') };

describe('what a job used', function () {
  this.timeout(60_000);
  const { crew, stage } = crewOfEachTest();

  it('is estimated where the service counts nothing, or nought, and a budget of tokens is reached', async () => {
    const nought = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
    work([looks(null), looks(nought), whole('Done.')]);
    const budget = { ...defaultBudget, job: { ...defaultBudget.job, tokens: 100 } };
    assert.ok((await saveSettings(stage.butler, { budget }, 'person:test')).ok);
    const job = await stage.hand('butler', 'Look around');
    const question = await stage.question(job);
    assert.match(question.title, /^Go on with this job, up to [\d,]+ tokens$/);
    const unlimited = { ...defaultBudget, job: { ...defaultBudget.job, tokens: null } };
    assert.ok((await saveSettings(stage.butler, { budget: unlimited }, 'person:test')).ok);
    await stage.decide(question, 'approve');
    const ended = await stage.end(job);
    const usages = (await data(job, 'message.added')).map(({ usage }) => usage);
    assert.deepEqual(
      usages.map((usage) => usage?.estimated),
      [true, true, true],
    );
    assert.ok((usages[1]?.input ?? 0) > (usages[0]?.input ?? 0));
    assert.deepEqual([ended.cost.tokens, ended.cost.unpriced], [usages.reduce(plus, 0), true]);
    assert.equal((await stage.butler.store.spent({ since: 0 })).tokens, ended.cost.tokens);
  });

  it('is what the service counted, wherever it counts', async () => {
    work([whole('Done.', counted)]);
    const job = await stage.hand('butler', 'Look around');
    assert.equal((await stage.end(job)).cost.tokens, 100);
    assert.deepEqual(
      (await data(job, 'message.added')).map(({ usage }) => usage),
      [counted],
    );
  });

  it('holds the tries whose answer broke off or could not be taken, and none that were refused', async () => {
    const bad: ProviderEvent[] = [{ kind: 'done', parts: [], stop: 'length', usage: counted }];
    const busy: ProviderEvent[] = [{ kind: 'failed', failure: failures.overloaded('A service') }];
    work([[{ kind: 'text', text: 'The beginning of an ans' }, cut], busy, whole('Done.', counted)]);
    const job = await stage.hand('butler', 'Look around');
    const tries = async () => (await data(job, 'attempt.failed')).map(({ usage }) => usage);
    const { cost } = await stage.end(job);
    const [broken, refused] = await tries();
    assert.ok(broken?.estimated && broken.input > broken.output && broken.output > 0);
    assert.equal(refused, undefined);
    assert.equal(cost.tokens, 100 + plus(0, broken));
    await crew.dismiss();
    work([bad, bad]);
    const other = await stage.hand('butler', 'Look again');
    assert.equal((await stage.end(other)).cost.tokens, 200);
    const both = await data(other, 'attempt.failed');
    assert.deepEqual(
      both.map(({ usage, usd }) => [usage, usd]),
      [
        [counted, null],
        [counted, null],
      ],
    );
    const before = await stage.butler.store.spent({ since: 0 });
    await stage.butler.store.rebuild();
    assert.deepEqual(await stage.butler.store.spent({ since: 0 }), before);
  });

  it('holds what came of an answer that the person stopped in its middle, whether the service heeds it or not', async () => {
    for (const heeds of [true, false]) {
      const said = 'The beginning of a very long answer. '.repeat(100);
      const begun = Promise.withResolvers<void>();
      const stream: Provider['stream'] = async function* (_, signal) {
        yield { kind: 'text', text: said };
        begun.resolve();
        yield {
          kind: 'failed',
          failure: await (heeds ? untilStopped(signal) : new Promise<never>(() => {})),
        };
      };
      work([], 'compatible', {}, { stream });
      const job = await stage.hand('butler', 'Look around');
      await begun.promise;
      assert.ok((await abortJob(stage.butler, job.id, 'person:test')).ok);
      const { state, cost } = await stage.end(job);
      assert.equal(state, 'aborted');
      const tries = await data(job, 'attempt.failed');
      assert.deepEqual(
        tries.map(({ failure, again, usage }) => [failure.kind, again, usage?.estimated]),
        [['cancelled', false, true]],
      );
      assert.ok(cost.tokens > said.length / 4);
      await crew.dismiss();
    }
  });

  it('holds what an external agent began to say in vain, as well as what it said', async () => {
    const began = 'The beginning of an answer that is longer than what came of it in the end. '.repeat(9);
    const events: RuntimeEvent[] = [
      { kind: 'attempt', failure: failures.overloaded('A service'), again: true },
      { kind: 'text', text: began },
      { kind: 'attempt', failure: cut.failure, again: true },
      { kind: 'text', text: 'Done.' },
      { kind: 'message', parts: [{ kind: 'text', text: 'Done.' }], stop: 'end', usage: counted },
      { kind: 'done' },
    ];
    const runtime: Runtime = {
      name: 'agent',
      title: 'An agent',
      tools: [],
      run: () => ({
        events: (async function* () {
          yield* events;
        })(),
        say: () => undefined,
      }),
    };
    const ability = {
      ...(await stage.butler.ability('butler', stage.workspace)),
      runtime: 'agent',
    } as Ability;
    work([], 'compatible', { runtimes: [runtime], ability: async () => ability });
    const job = await stage.hand('butler', 'Look around');
    const { cost } = await stage.end(job);
    const [refused, broken] = (await data(job, 'attempt.failed')).map(({ usage }) => usage);
    assert.equal(refused, undefined);
    assert.ok(broken?.estimated && broken.output >= began.length / 4);
    assert.equal(cost.tokens, 100 + plus(0, broken));
  });

  it('is nothing where no model was asked', async () => {
    work([whole('Done.')], 'offline');
    const job = await stage.hand('butler', 'Look around');
    assert.deepEqual((await stage.end(job)).cost, { tokens: 0, usd: 0, unpriced: false });
  });

  /** A worker whose provider answers by a script, under the name that the Ability has in mind. */
  function work(
    script: readonly (readonly ProviderEvent[])[],
    kind: Provider['kind'] = 'compatible',
    change: Partial<RunPorts> = {},
    own: Partial<Provider> = {},
  ) {
    let asked = 0;
    const provider: Provider = {
      name: 'offline',
      kind,
      local: true,
      title: 'A service',
      about: 'Answers by a script.',
      needsKey: false,
      models: ['script'],
      async *stream() {
        yield* script[asked++] ?? [cut];
      },
      ...own,
    };
    crew.work('one', { provider, ...change });
  }

  async function data<T extends 'message.added' | 'attempt.failed'>(
    job: Job,
    type: T,
  ): Promise<EntryData<T>[]> {
    const filter = { job: job.id, types: [type] };
    const { entries } = await stage.butler.store.entries({ filter, after: 0, limit: 50 });
    return entries.map((entry) => entry.data as EntryData<T>);
  }
});

function plus(sum: number, usage: Usage | null | undefined): number {
  return sum + (usage?.input ?? 0) + (usage?.output ?? 0);
}
