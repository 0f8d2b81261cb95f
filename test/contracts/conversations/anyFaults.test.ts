import assert from 'node:assert/strict';
import fc from 'fast-check';
import { runJob } from '../../../server/core/agentLoop.ts';
import { createJob } from '../../../server/core/jobs.ts';
import { mostTries } from '../../../server/core/network.ts';
import type { Provider, ProviderEvent } from '../../../server/core/ports/provider.ts';
import { remedies } from '../../../server/core/retry.ts';
import { Ability } from '../../../server/protocol/ability.ts';
import { FailureKind } from '../../../server/protocol/failure.ts';
import type { Job } from '../../../server/protocol/job.ts';
import { adminStream, type Entry } from '../../../server/protocol/journal.ts';
import type { ProviderKind } from '../../../server/protocol/provider.ts';
import { defaultSettings } from '../../../server/protocol/settings.ts';
import { hurried } from '../../support/hurried.ts';
import { type Stage, setStage } from '../../support/stage.ts';

/** What a service does with one request: it fails, ends the job, or asks for a tool that there is not. */
type Fate = FailureKind | 'says' | 'calls';

interface Member {
  readonly kind: ProviderKind;
  readonly local: boolean;
  readonly fates: readonly Fate[];
  /** Whether it takes connections, each time that one looks. */
  readonly reachable: readonly boolean[];
}

const failing = fc.constantFrom<Fate>(...FailureKind.options.filter((kind) => kind !== 'cancelled'));
const mending = fc.constantFrom<Fate>('cut', 'malformed', 'overloaded', 'limited', 'tooLong', 'auth');
const fate = fc.oneof(
  { weight: 1, arbitrary: failing },
  { weight: 8, arbitrary: mending },
  { weight: 8, arbitrary: fc.constant<Fate>('offline') },
  { weight: 2, arbitrary: fc.constantFrom<Fate>('says', 'calls') },
);
const member: fc.Arbitrary<Member> = fc.record({
  kind: fc.constantFrom<ProviderKind>('anthropic', 'ollama', 'openai', 'google', 'groq', 'offline'),
  local: fc.boolean(),
  fates: fc.array(fate, { maxLength: 60, size: 'max' }),
  reachable: fc.array(fc.boolean(), { maxLength: 10 }),
});
const cast = fc.record({
  members: fc.array(member, { minLength: 1, maxLength: 4 }),
  consent: fc.boolean(),
  origin: fc.constantFrom('user' as const, 'workspace' as const),
});

describe('any faults of any chain', function () {
  this.timeout(120_000);
  let stage: Stage;
  let count = 0;
  before(async () => {
    stage = await setStage({ serve: false });
  });
  after(() => stage.close());

  it('are tried a finite number of times, never without consent, and every try is in the journal', () =>
    fc.assert(
      fc.asyncProperty(cast, async ({ members, consent, origin }) => {
        const asked: string[] = [];
        const providers = members.map((one, at) => service(one, `p${count}-${at}`, asked));
        count++;
        const [own, ...others] = providers;
        assert.ok(own);
        const ability = Ability.parse({
          id: 'any',
          name: 'Any',
          origin,
          created: 0,
          updated: 0,
          provider: own.name,
          fallbacks: others.map(({ name }) => ({ provider: name })),
        });
        const entries = await performed(stage, { ability, providers, consent });

        const allowed = providers.filter(
          (one) => one === own || (one.kind !== 'offline' && (!own.local || one.local || consent)),
        );
        for (const name of asked) assert.ok(allowed.some((one) => one.name === name));
        assert.deepEqual(entries.flatMap(providerOf), asked);
        const rounds = 1 + entries.filter(({ type }) => type === 'message.added').length;
        const most = Math.max(...Object.values(remedies).map(({ tries }) => tries));
        assert.ok(asked.length <= rounds * (mostTries + 1) * members.length * 2 * most);
        for (const { type, data } of entries) {
          if (type === 'provider.switched') assert.notEqual(data.from.provider, data.to.provider);
        }
      }),
      { numRuns: 100 },
    ));
});

/** The provider that an entry says was asked. */
function providerOf(entry: Entry): string[] {
  if (entry.type === 'attempt.failed' || entry.type === 'message.added') return [entry.data.provider];
  return entry.type === 'context.compacted' && entry.data.by ? [entry.data.by.provider] : [];
}

/** Runs one job to its end; answers its entries. */
async function performed(
  { butler, workspace }: Stage,
  cast: { ability: Ability; providers: readonly Provider[]; consent: boolean },
): Promise<Entry[]> {
  const { ability, providers, consent } = cast;
  const { store } = butler;
  const data = { settings: { ...defaultSettings, cloudFallback: consent } };
  await store.append([{ stream: adminStream, type: 'settings.saved', actor: 'person:test', data }]);
  const request = { ability: 'butler', workspace, text: 'Answer', kind: 'task' } as const;
  assert.ok((await createJob(butler, request, 'person:test')).ok);
  const job = (await store.claim('worker', 'any', 600_000)) as Job;
  const ports = {
    ...butler,
    clock: hurried(butler.clock),
    providers: () => providers,
    ability: async () => ability,
  };
  const signal = new AbortController().signal;
  const end = await runJob(job, ports, { worker: 'worker', signal, waiting: () => undefined });
  assert.notEqual(end.end, 'stopped');
  const last = { stream: job.session, job: job.id, actor: 'worker' };
  await store.append([
    end.end === 'failed'
      ? { ...last, type: 'job.failed', data: { failure: end.failure } }
      : { ...last, type: 'job.completed', data: {} },
  ]);
  return (await store.entries({ filter: { job: job.id }, after: 0, limit: 5_000 })).entries;
}

function service({ kind, local, fates, reachable }: Member, name: string, asked: string[]): Provider {
  const coming = [...fates];
  const looks = [...reachable];
  return {
    name,
    kind,
    local,
    title: name,
    about: '',
    needsKey: false,
    models: ['model'],
    reachable: async () => looks.shift() ?? true,
    async *stream({ messages }): AsyncGenerator<ProviderEvent> {
      asked.push(name);
      const next = coming.shift() ?? 'says';
      const call = { kind: 'call', call: `call-${messages.length}`, tool: 'none', input: {} } as const;
      if (next === 'says')
        yield { kind: 'done', parts: [{ kind: 'text', text: 'Yes.' }], stop: 'end', usage: null };
      else if (next === 'calls') yield { kind: 'done', parts: [call], stop: 'calls', usage: null };
      else yield { kind: 'failed', failure: { kind: next, what: 'It failed.', mend: 'Mend it.' } };
    },
  };
}
