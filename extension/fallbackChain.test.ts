import assert from 'node:assert/strict';
import type { ProviderInfo } from '../server/protocol/provider.ts';
import { choosable, earlier, longestChain, namesOf, withChoice, without } from './fallbackChain.ts';

const [one, two, three] = ['one', 'two', 'three'].map((provider) => ({ provider, model: '' }));
const provider = (name: string, local: boolean, ready = true): ProviderInfo => ({
  ...{ name, title: name, about: '', key: 'none', models: [], kind: 'compatible' },
  ...{ local, ready, connection: { state: 'unknown', since: 0 } },
});

describe('a chain of fallbacks', () => {
  assert.ok(one && two && three);

  it('grows at its end, each choice once, up to its greatest length', () => {
    assert.deepEqual(withChoice([one], two), [one, two]);
    assert.deepEqual(withChoice([one, two], one), [one, two]);
    assert.deepEqual(withChoice([one], { ...one, model: 'other' }).length, 2);
    const full = Array.from({ length: longestChain }, (_, at) => ({ ...one, model: String(at) }));
    assert.equal(withChoice(full, two), full);
  });

  it('is put in order step by step', () => {
    assert.deepEqual(earlier([one, two, three], 2), [one, three, two]);
    assert.deepEqual(earlier([one, two], 0), [one, two]);
    assert.deepEqual(without([one, two, three], 1), [one, three]);
  });

  it('is made of providers that are there and think', () => {
    const offline = { ...provider('offline', true), kind: 'offline' } as const;
    const listed = choosable([offline, provider('one', true), provider('two', false, false)]);
    assert.deepEqual(
      listed.map(({ name }) => name),
      ['one'],
    );
  });

  it('names where a local job would go: a service once, and of a provider on this machine its model', () => {
    const providers = [provider('one', true), provider('two', false), provider('three', false)];
    const leaving = [{ ...one, model: 'big-cloud' }, two, { ...two, model: 'other' }];
    assert.deepEqual(namesOf(leaving, providers), ['one (big-cloud)', 'two']);
    assert.deepEqual(namesOf([one], [{ ...provider('one', true), models: ['usual:cloud'] }]), [
      'one (usual:cloud)',
    ]);
  });
});
