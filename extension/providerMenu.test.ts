import assert from 'node:assert/strict';
import { failures } from '../server/protocol/failure.ts';
import type { ProviderInfo } from '../server/protocol/provider.ts';
import { isInTrouble, providerLook } from './connectionWords.ts';
import { actionRows, addRow, providerRows, type Tested } from './providerMenu.ts';
import { english as t } from './translate.ts';

const service: ProviderInfo = {
  ...{ name: 'anthropic', title: 'Anthropic', about: '', key: 'set', models: [], kind: 'anthropic' },
  ...{ local: false, ready: true, connection: { state: 'online', since: 1 } },
};
const unset: ProviderInfo = {
  ...service,
  key: 'missing',
  ready: false,
  connection: { state: 'unknown', since: 0 },
};
const ollama: ProviderInfo = {
  ...unset,
  name: 'ollama',
  title: 'Ollama',
  kind: 'ollama',
  key: 'none',
  ready: true,
};
const offline: ProviderInfo = { ...ollama, name: 'offline', title: 'Offline', kind: 'offline' };
const limited: ProviderInfo = { ...service, connection: { state: 'limited', until: 5_000, since: 1 } };

describe('the list of providers', () => {
  it('shows those in use and those found here, and leads to another one', () => {
    const rows = providerRows([offline, service, ollama, { ...unset, name: 'openai' }], 0, t);
    assert.deepEqual(
      rows.map(({ value, group }) => [value, group]),
      [
        ['offline', 'In use'],
        ['anthropic', 'In use'],
        ['ollama', 'Found here'],
        [addRow, 'More'],
      ],
    );
  });

  it('says how each stands, with the model that was chosen', () => {
    const config = { name: 'anthropic', kind: 'anthropic', model: 'claude-haiku' } as const;
    const [row] = providerRows([{ ...service, config }], 0, t);
    assert.equal(row?.description, 'answers · claude-haiku');
    assert.equal(providerLook(unset, t, 0).words, 'needs an API key');
    assert.equal(providerLook(ollama, t, 0).words, 'found here');
    assert.equal(providerLook({ ...ollama, ready: false }, t, 0).words, 'not there');
  });

  it('says until when a limit lasts, and nothing of it once it is over', () => {
    assert.match(providerLook(limited, t, 0).words, /^limited until .*\d\d:\d\d/);
    assert.equal(providerLook(limited, t, 5_000).words, 'not asked yet');
  });
});

describe('trouble', () => {
  const state = (state: ProviderInfo['connection']['state']): ProviderInfo => ({
    ...service,
    connection: { state, since: 1 },
  });

  it('is what keeps a provider in use from answering', () => {
    for (const one of ['offline', 'limited', 'overloaded', 'login'] as const) {
      assert.equal(isInTrouble(state(one), 0), true, one);
    }
    const keyless = { ...unset, config: { name: 'anthropic', kind: 'anthropic' } as const };
    assert.equal(isInTrouble(keyless, 0), true);
  });

  it('is neither silence, nor a limit that is over, nor a provider that nobody set up', () => {
    for (const one of [state('online'), state('unknown'), unset, ollama, offline]) {
      assert.equal(isInTrouble(one, 0), false, one.name);
    }
    const overloaded = { ...limited, connection: { state: 'overloaded', since: 1, until: 5_000 } } as const;
    for (const one of [limited, overloaded]) {
      assert.equal(isInTrouble(one, 4_999), true);
      assert.equal(isInTrouble(one, 5_000), false);
    }
  });
});

describe('the menu of a provider', () => {
  const values = (provider: ProviderInfo) => actionRows(provider, null, t).map(({ value }) => value);

  it('offers what its kind has', () => {
    assert.deepEqual(values(service), ['test', 'key', 'model', 'address', 'time', 'remove']);
    assert.deepEqual(values(ollama), ['test', 'model', 'address', 'time']);
    assert.deepEqual(values(offline), []);
  });

  it('offers a key where an address of the own may want one', () => {
    const config = { name: 'mine', kind: 'compatible', baseUrl: 'http://127.0.0.1:1/v1' } as const;
    assert.ok(values({ ...ollama, name: 'mine', kind: 'compatible', config }).includes('key'));
  });

  it('says first what a test came to, then what mends it', () => {
    const mended = (failure: Tested['failure']) =>
      actionRows(service, { model: 'm', failure, took: 1_234 }, t).map(({ label, value }) => [label, value]);
    assert.deepEqual(mended(null)[0], ['$(pass) m answered', 'test']);
    assert.deepEqual(mended(failures.auth('Anthropic')).slice(0, 2), [
      ['$(error) Anthropic did not accept the API key.', 'test'],
      ['$(key) Set API Key', 'key'],
    ]);
    assert.deepEqual(mended(failures.offline('No way.'))[1], ['$(globe) Change Address', 'address']);
  });

  it('shows no sign that a service hid in its words', () => {
    const failure = failures.offline('$(zap) a\u202eb');
    const [row] = actionRows(service, { model: '', failure, took: 0 }, t);
    assert.equal(row?.label, '$(error) $ (zap) a\\u202eb');
  });
});
