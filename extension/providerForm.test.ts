import assert from 'node:assert/strict';
import type { ProviderInfo } from '../server/protocol/provider.ts';
import { addressStep, providerOf, providerSteps, timeStep, wrongInAddress } from './providerForm.ts';
import { english as t } from './translate.ts';
import type { Answers } from './wizard.ts';

const service: ProviderInfo = {
  ...{ name: 'anthropic', title: 'Anthropic', about: '', key: 'missing', models: [], kind: 'anthropic' },
  ...{ local: false, ready: false, connection: { state: 'unknown', since: 0 } },
};
const ollama: ProviderInfo = {
  ...service,
  name: 'ollama',
  title: 'Ollama',
  kind: 'ollama',
  key: 'none',
  local: true,
};
const mine: ProviderInfo = {
  ...service,
  name: 'mine',
  title: 'Mine',
  kind: 'compatible',
  key: 'none',
  ready: true,
};
const offline: ProviderInfo = { ...ollama, name: 'offline', title: 'Offline', kind: 'offline', ready: true };
const providers = [offline, service, ollama, mine];

const steps = (answers: Answers, among = providers) =>
  providerSteps({ providers: among, now: 0 }, answers, t);
const keys = (answers: Answers, among = providers) => steps(answers, among).map(({ key }) => key);

function wrongIn(key: string, text: string): string | null {
  const step = steps({ provider: 'compatible' }).find((one) => one.key === key);
  return step?.kind === 'text' ? step.wrong(text) : 'There is no such question.';
}

describe('the questions for a new provider', () => {
  it('offer what was found here first, every service, and any other address, but not the offline provider', () => {
    const [first] = steps({}, [offline, service, { ...ollama, ready: true }, mine]);
    assert.ok(first?.kind === 'pick');
    assert.deepEqual(
      first.choices.map(({ value, group }) => [value, group]),
      [
        ['ollama', 'Found here'],
        ['anthropic', 'Services'],
        ['compatible', 'Services'],
      ],
    );
  });

  it('are as few as each needs', () => {
    assert.deepEqual(keys({ provider: 'anthropic' }), ['provider', 'key']);
    assert.deepEqual(keys({ provider: 'ollama' }), ['provider', 'baseUrl']);
    assert.deepEqual(keys({ provider: 'ollama' }, [{ ...ollama, ready: true }]), ['provider']);
    assert.deepEqual(keys({ provider: 'compatible' }), ['provider', 'name', 'baseUrl', 'key']);
  });

  it('hide the key while it is typed', () => {
    const secrets = ['anthropic', 'compatible'].flatMap((provider) =>
      steps({ provider }).flatMap((step) => (step.kind === 'text' && step.secret ? [step.key] : [])),
    );
    assert.deepEqual(secrets, ['key', 'key']);
  });

  it('refuse a name that is none or is taken', () => {
    for (const name of ['', 'two words', 'mine', 'openai']) assert.ok(wrongIn('name', name), name);
    assert.equal(wrongIn('name', ' my-server '), null);
  });

  it('refuse an address that leads nowhere, holds a password or goes too far, as it is typed', () => {
    const wrong = [
      ...[
        '',
        'localhost',
        'localhost:8080',
        'ftp://here/v1',
        'http://me:secret@here/v1',
        'http://here/v1?key=1',
      ],
      'http://here/v1/chat/completions',
    ];
    for (const text of wrong) assert.ok(wrongIn('baseUrl', text), text);
    assert.equal(wrongIn('baseUrl', ' http://127.0.0.1:8080/v1 '), null);
    assert.match(wrongInAddress('http://here/v1/completions', t) ?? '', /ends before it/);
  });

  it('take no address for the usual one, where there is one', () => {
    const step = addressStep(t, false);
    assert.equal(step.kind === 'text' && step.wrong(''), null);
  });

  it('want a key unless there is one', () => {
    const asked = (among: ProviderInfo[]) => {
      const step = steps({ provider: 'anthropic' }, among).find(({ key }) => key === 'key');
      return step?.kind === 'text' ? step.wrong('  ') : undefined;
    };
    assert.equal(asked([service]), 'A key is needed.');
    assert.equal(asked([{ ...service, key: 'set' }]), null);
  });

  it('take a time limit of whole seconds up to an hour, or none', () => {
    const step = timeStep(undefined, t);
    assert.ok(step.kind === 'text');
    for (const text of ['0', '-1', '1.5', '3601', 'soon']) assert.ok(step.wrong(text), text);
    for (const text of ['', '1', '3600']) assert.equal(step.wrong(text), null, text);
  });
});

describe('the answers about a new provider', () => {
  it('are a key alone for a service, without the blanks that came with it', () => {
    const made = providerOf(providers, { provider: 'anthropic', key: ' sk-test\n' });
    assert.deepEqual(made.ok && made.value, { name: 'anthropic', config: null, key: 'sk-test' });
  });

  it('are a set-up of its own for another address', () => {
    const answers = { provider: 'compatible', name: ' local ', baseUrl: ' http://127.0.0.1:1/v1 ', key: '' };
    const made = providerOf(providers, answers);
    assert.deepEqual(made.ok && made.value, {
      name: 'local',
      config: { name: 'local', kind: 'compatible', title: 'local', baseUrl: 'http://127.0.0.1:1/v1' },
      key: '',
    });
  });

  it('keep what was set up before', () => {
    const known = { ...ollama, config: { name: 'ollama', kind: 'ollama', model: 'qwen3' } as const };
    const made = providerOf([known], { provider: 'ollama' });
    assert.deepEqual(made.ok && made.value.config, known.config);
  });
});
