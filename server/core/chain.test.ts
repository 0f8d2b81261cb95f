import assert from 'node:assert/strict';
import { Ability } from '../protocol/ability.ts';
import type { Connection } from '../protocol/connection.ts';
import type { ModelChoice, ProviderKind } from '../protocol/provider.ts';
import { emptyTranscript } from '../protocol/transcript.ts';
import type { Turn, TurnBody } from '../protocol/turn.ts';
import {
  beginningOf,
  type Chain,
  type ChainParts,
  chainOf,
  choiceOf,
  orderOf,
  saysMore,
  takesMore,
} from './chain.ts';
import type { Provider } from './ports/provider.ts';

const provider = (name: string, kind: ProviderKind, local = false): Provider => ({
  name,
  kind,
  local,
  title: name,
  about: '',
  needsKey: !local,
  models: [`${name}-first`, `${name}-second`],
  async *stream() {},
});
const providers = [
  provider('offline', 'offline', true),
  provider('cloud', 'anthropic'),
  provider('other', 'openai'),
  provider('here', 'ollama', true),
  provider('there', 'compatible', true),
];
const to = (name: string, model = ''): ModelChoice => ({ provider: name, model });
const ability = (change: Partial<Ability>): Ability =>
  Ability.parse({ id: 'a', name: 'A', origin: 'user', created: 0, updated: 0, ...change });

const names = (change: Partial<ChainParts>): string[] => {
  const settings = { fallbacks: [], cloudFallback: false };
  const chain = chainOf({ ability: ability({}), asked: null, settings, providers, ...change });
  assert.ok(chain.ok, JSON.stringify(chain));
  return chain.value.map((one) => `${one.provider.name} ${one.model}`);
};

describe('the chain of a job', () => {
  const settings = { fallbacks: [to('other'), to('here', 'small')], cloudFallback: false };

  it("is the Ability's own model, then the fallbacks that all Abilities share", () => {
    assert.deepEqual(names({ ability: ability({ provider: 'cloud', model: 'big' }), settings }), [
      'cloud big',
      'other other-first',
      'here small',
    ]);
  });

  it("is the Ability's own chain where it has one, even an empty one", () => {
    const fallbacks = [to('cloud', 'cloud-second')];
    assert.deepEqual(names({ ability: ability({ provider: 'cloud', fallbacks }), settings }), [
      'cloud cloud-first',
      'cloud cloud-second',
    ]);
    assert.deepEqual(names({ ability: ability({ provider: 'cloud', fallbacks: [] }), settings }), [
      'cloud cloud-first',
    ]);
  });

  it('names each model once and passes over providers that are not there', () => {
    const fallbacks = [to('cloud', 'cloud-first'), to('gone'), to('other'), to('other', 'other-first')];
    assert.deepEqual(names({ ability: ability({ provider: 'cloud', fallbacks }) }), [
      'cloud cloud-first',
      'other other-first',
    ]);
  });

  it('leads from this machine into the cloud only by consent in the settings, whatever an Ability says', () => {
    const fallbacks = [to('cloud'), to('there')];
    for (const origin of ['user', 'workspace'] as const) {
      const own = ability({ provider: 'here', fallbacks, origin });
      assert.deepEqual(names({ ability: own, settings }), ['here here-first', 'there there-first']);
      assert.deepEqual(names({ ability: own, settings: { ...settings, cloudFallback: true } }), [
        'here here-first',
        'cloud cloud-first',
        'there there-first',
      ]);
    }
  });

  it('leads by consent only to a model that a provider of this machine asks elsewhere', () => {
    const hub = { ...provider('hub', 'ollama', true), goesAway: (model: string) => model === 'far' };
    const all = { providers: [...providers, hub] };
    const own = ability({ provider: 'here', fallbacks: [to('hub', 'far'), to('hub', 'near')] });
    assert.deepEqual(names({ ability: own, settings, ...all }), ['here here-first', 'hub near']);
    const consent = { ...settings, cloudFallback: true };
    assert.deepEqual(names({ ability: own, settings: consent, ...all }).length, 3);
    const far = ability({ provider: 'hub', model: 'far', fallbacks: [to('cloud')] });
    assert.deepEqual(names({ ability: far, settings, ...all }), ['hub far', 'cloud cloud-first']);
  });

  it('has no other than the provider that the job names, and playbooks are for the offline provider alone', () => {
    const consent = { fallbacks: [to('cloud'), to('offline')], cloudFallback: true };
    const own = ability({ provider: 'other' });
    assert.deepEqual(names({ ability: own, asked: 'cloud', settings: consent }), ['cloud cloud-first']);
    assert.deepEqual(names({ ability: ability({}), settings: consent }), ['offline offline-first']);
    assert.deepEqual(names({ ability: own, settings: consent }), ['other other-first', 'cloud cloud-first']);
  });

  it('fails, and says which there are, where its own provider is not there', () => {
    const chain = chainOf({ ability: ability({ provider: 'gone' }), asked: null, settings, providers });
    assert.ok(!chain.ok);
    assert.match(`${chain.failure.what} ${chain.failure.mend}`, /no provider "gone".*offline, cloud, other/);
  });
});

describe('the order in which a chain is asked', () => {
  const chain = chainOf({
    ability: ability({ provider: 'cloud', fallbacks: [to('other'), to('here')] }),
    asked: null,
    settings: { fallbacks: [], cloudFallback: false },
    providers,
  });
  assert.ok(chain.ok);
  const all: Chain = chain.value;
  const [own, second, third] = all;
  const order = (states: Record<string, Connection>, beginning = own) =>
    orderOf(all, { beginning, states, now: 1_000 }).map((one) => one.provider.name);
  const away = (until?: number): Connection => ({
    state: 'overloaded',
    since: 0,
    ...(until === undefined ? {} : { until }),
  });

  it('leaves for last what is to be left alone for now', () => {
    assert.deepEqual(order({}), ['cloud', 'other', 'here']);
    assert.deepEqual(order({ cloud: away(1_001) }), ['other', 'here', 'cloud']);
    assert.deepEqual(order({ cloud: away(1_000), other: away() }), ['cloud', 'other', 'here']);
    assert.deepEqual(order({ cloud: away(2_000), other: away(2_000), here: away(2_000) }), [
      'cloud',
      'other',
      'here',
    ]);
  });

  it('begins with the one that answered last, and tries the others in their order after it', () => {
    assert.deepEqual(order({}, third), ['here', 'cloud', 'other']);
  });

  const turn = (body: Partial<TurnBody> & { kind: Turn['kind'] }, job = 'job'): Turn =>
    ({ key: '1', job, time: 0, ...body }) as Turn;
  const said = (one = second) => turn({ kind: 'assistant', calls: [], ...(one ? choiceOf(one) : {}) });
  const beginning = (...turns: Turn[]) => beginningOf(all, { ...emptyTranscript, turns }, 'job');

  it('stays with the one that answered while the work goes on', () => {
    assert.equal(beginning(turn({ kind: 'person' })), own);
    assert.equal(beginning(turn({ kind: 'person' }), said()), second);
    assert.equal(beginning(said(), turn({ kind: 'attempt' }), turn({ kind: 'switched' })), second);
    assert.equal(beginning(said(), turn({ kind: 'person' }, 'another job')), second);
  });

  it("begins anew with the job's own after a word of the person, a wait, or when the other left the chain", () => {
    assert.equal(beginning(said(), turn({ kind: 'person', steered: true })), own);
    assert.equal(beginning(said(), turn({ kind: 'network', returned: true })), own);
    assert.equal(beginning(turn({ kind: 'assistant', calls: [], provider: 'gone', model: 'x' })), own);
  });

  it('knows which model takes a longer conversation, and which gives a longer answer', () => {
    assert.ok(second && third);
    assert.ok(takesMore(own, third));
    assert.ok(!takesMore(third, own));
    assert.ok(!takesMore(own, own));
    assert.ok(saysMore(own, third));
    assert.ok(!saysMore(third, own));
  });
});
