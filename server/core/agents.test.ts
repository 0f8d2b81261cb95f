import assert from 'node:assert/strict';
import { Ability, builtInAgents } from '../protocol/ability.ts';
import { defaultSettings } from '../protocol/settings.ts';
import { builtInAgent, onFastModel, tighterLimits } from './agents.ts';
import type { Provider } from './ports/provider.ts';

const own = Ability.parse({
  id: 'own',
  name: 'Own',
  prompt: 'Be kind.',
  provider: 'near',
  model: 'm',
  origin: 'user',
  created: 0,
  updated: 0,
});
const provider = (name: string, local: boolean) => ({ name, kind: 'compatible', local }) as Provider;
const ports = { providers: () => [provider('near', true), provider('far', false), provider('other', true)] };

describe('the specialists that come with the product', () => {
  it('are the ones that the contract names, each for something', () => {
    for (const name of builtInAgents) {
      const agent = builtInAgent(name, own, defaultSettings, ports);
      assert.ok(agent?.when, name);
      assert.ok(agent.ability.prompt.endsWith('Be kind.'));
    }
    assert.equal(builtInAgent('plumber', own, defaultSettings, ports), null);
  });

  it('use no tool that the Ability may not use', () => {
    const careful = { ...own, tools: ['read_file', 'publish'] };
    const tools = (name: string) => builtInAgent(name, careful, defaultSettings, ports)?.ability.tools;
    assert.deepEqual(tools('email'), ['read_file', 'read_output']);
    assert.deepEqual(tools('general'), ['read_file', 'publish']);
  });

  it('think with the fast model where it is theirs, and only where the job may go', () => {
    const onFast = (fast: string, cloudFallback = false) => {
      const settings = { ...defaultSettings, cloudFallback, fast: { provider: fast, model: 'f' } };
      return onFastModel(own, settings, ports);
    };
    assert.deepEqual(onFast('other').fallbacks, [{ provider: 'near', model: 'm' }]);
    assert.equal(onFast('other').model, 'f');
    assert.equal(onFast('far'), own);
    assert.equal(onFast('gone'), own);
    assert.equal(onFast('far', true).provider, 'far');
  });
});

describe('limits of two Abilities', () => {
  it('are the tighter ones, and none is no limit', () => {
    assert.deepEqual(tighterLimits({ usd: 3, rounds: null }, { usd: 1, tokens: 10, rounds: 5 }), {
      usd: 1,
      rounds: 5,
      tokens: 10,
    });
    assert.deepEqual(tighterLimits(undefined, { usd: null }), { usd: null });
  });
});
