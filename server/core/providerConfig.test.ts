import assert from 'node:assert/strict';
import type { ProviderConfig } from '../protocol/provider.ts';
import { faultOf, isSamePlace } from './providerConfig.ts';

const house: ProviderConfig = { name: 'house', kind: 'compatible', baseUrl: 'https://models.example/v1' };

describe('the set-up of a provider', () => {
  it('is taken for every kind that has something to set up', () => {
    const fine: ProviderConfig[] = [
      house,
      { name: 'openai', kind: 'openai' },
      { name: 'work', kind: 'openai', model: 'some-model', timeLimit: 30 },
      { name: 'ollama', kind: 'ollama', baseUrl: 'http://10.0.0.2:11434' },
      { name: 'editor', kind: 'editor', model: 'some-model' },
    ];
    for (const config of fine) assert.equal(faultOf(config), null, JSON.stringify(config));
  });

  it('is refused with the field at fault', () => {
    const wrong: [field: string, config: ProviderConfig][] = [
      ['kind', { name: 'offline', kind: 'offline' }],
      ['name', { name: 'openai', kind: 'groq' }],
      ['name', { name: 'offline', kind: 'openai' }],
      ['name', { name: 'OpenAI', kind: 'groq' }],
      ['name', { name: 'constructor', kind: 'groq' }],
      ['name', { name: '__proto__', kind: 'groq' }],
      ['baseUrl', { name: 'house', kind: 'compatible' }],
      ['baseUrl', { name: 'editor', kind: 'editor', baseUrl: 'https://models.example' }],
      ['baseUrl', { ...house, baseUrl: 'https://me:sk-test@models.example/v1' }],
      ['baseUrl', { ...house, baseUrl: 'https://models.example/v1?key=sk-test' }],
      ['baseUrl', { ...house, baseUrl: 'https://models.example/v1#sk-test' }],
    ];
    for (const [field, config] of wrong) {
      const fault = faultOf(config);
      assert.deepEqual([fault?.kind, fault?.field], ['invalid', field], JSON.stringify(config));
      assert.doesNotMatch(JSON.stringify(fault), /sk-test/, 'a secret is told again');
    }
  });

  it('leads to the same place while kind, scheme, host and port stay', () => {
    const same = (baseUrl: string) => isSamePlace(house, { ...house, baseUrl });
    assert.ok(same('https://models.example/v2'));
    assert.ok(same('https://MODELS.example:443/v1'));
    assert.ok(!same('http://models.example/v1'));
    assert.ok(!same('https://models.example:8443/v1'));
    assert.ok(!same('https://models.example.net/v1'));
    assert.ok(!isSamePlace(house, { ...house, kind: 'openai' }));
    assert.ok(!isSamePlace({ name: 'openai', kind: 'openai' }, { ...house, name: 'openai', kind: 'openai' }));
    assert.ok(isSamePlace({ name: 'openai', kind: 'openai' }, { name: 'openai', kind: 'openai' }));
  });
});
