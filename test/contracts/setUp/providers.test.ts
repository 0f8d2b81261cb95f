import assert from 'node:assert/strict';
import { saveProvider, secretOf } from '../../../server/core/providers.ts';
import { answer } from '../../../server/main/handlers.ts';
import type { Outcome } from '../../../server/protocol/failure.ts';
import { listJobs } from '../../../server/protocol/job.ts';
import type { ParamsOf, Request, ResultOf } from '../../../server/protocol/message.ts';
import * as provider from '../../../server/protocol/provider.ts';
import { readSettings, saveSettings } from '../../../server/protocol/settings.ts';
import { type Stage, setStage } from '../../support/stage.ts';
import { until } from '../../support/until.ts';
import { type SmallModel, startSmallModel } from './smallModel.ts';

describe('setting providers up', () => {
  let stage: Stage;
  let service: SmallModel;
  const environment = { OPENAI_API_KEY: 'sk-test-environment', OLLAMA_HOST: '127.0.0.1:9' };
  beforeEach(async () => {
    service = await startSmallModel();
    stage = await setStage({ serve: false, environment });
  });
  afterEach(async () => {
    await stage.close();
    await service.close();
  });

  const send = async <M extends Request>(message: M, params: Partial<ParamsOf<M>>) =>
    (await answer(stage.butler, message.method, params, 'person:test')) as Outcome<ResultOf<M>>;
  const must = async <M extends Request>(message: M, params: Partial<ParamsOf<M>>): Promise<ResultOf<M>> => {
    const outcome = await send(message, params);
    assert.ok(outcome.ok, JSON.stringify(outcome));
    return outcome.value;
  };
  const fieldOf = async <M extends Request>(message: M, params: Partial<ParamsOf<M>>) => {
    const outcome = await send(message, params);
    return outcome.ok ? 'done' : (outcome.failure.field ?? outcome.failure.kind);
  };
  const infoOf = async (name: string) => {
    const { providers } = await must(provider.listProviders, {});
    return providers.find((one) => one.name === name);
  };
  const house = () => ({ name: 'house', kind: 'compatible', baseUrl: service.baseUrl }) as const;
  const entries = async (...types: ('secret.changed' | 'connection.changed')[]) =>
    (await stage.butler.store.entries({ filter: { types }, after: 0, limit: 100 })).entries;

  it('lists one of each kind that needs no address, and says of each whether it is ready', async () => {
    const { providers } = await must(provider.listProviders, {});
    assert.deepEqual(
      providers.map(({ name, kind, key, ready }) => [name, kind === name, key, ready]),
      [
        ['offline', true, 'none', true],
        ['anthropic', true, 'missing', false],
        ['openai', true, 'set', true],
        ['google', true, 'missing', false],
        ['mistral', true, 'missing', false],
        ['groq', true, 'missing', false],
        ['ollama', true, 'none', false],
        ['editor', true, 'none', false],
      ],
    );
    for (const info of providers) assert.deepEqual(info.connection, { state: 'unknown', since: 0 });
  });

  it('adds a provider of the person, changes it, and takes it back with its key', async () => {
    const added = await must(provider.saveProvider, { config: house() });
    assert.deepEqual(
      [added.title, added.key, added.ready, added.local],
      [hostOf(service), 'none', true, true],
    );
    await must(provider.setSecret, { provider: 'house', value: ' sk-test ' });
    assert.equal((await infoOf('house'))?.key, 'set');
    const changed = await must(provider.saveProvider, {
      config: { ...house(), title: 'Ours', model: 'tiny' },
    });
    assert.deepEqual([changed.title, changed.models, changed.key], ['Ours', ['tiny'], 'set']);
    await must(provider.removeProvider, { name: 'house' });
    assert.equal(await infoOf('house'), undefined);
    assert.equal(await stage.butler.secrets.get(secretOf(house())), null);
    assert.equal(await fieldOf(provider.removeProvider, { name: 'house' }), 'id');
  });

  it('finds an Ollama by itself where it runs, and looks only when a person does', async () => {
    const found = await setStage({
      serve: false,
      environment: { OLLAMA_HOST: new URL(service.baseUrl).host },
    });
    const isReady = async (look: boolean) => {
      const outcome = await answer(found.butler, provider.listProviders.method, { look }, 'person:test');
      assert.ok(outcome.ok);
      const { providers } = outcome.value as ResultOf<typeof provider.listProviders>;
      return providers.find(({ name }) => name === 'ollama')?.ready;
    };
    assert.deepEqual([await isReady(false), await isReady(true)], [false, true]);
    await found.close();
  });

  it('never lets a key go where it was not given for', async () => {
    await must(provider.saveProvider, { config: house() });
    await must(provider.setSecret, { provider: 'house', value: 'sk-test-house' });
    await must(provider.testProvider, { name: 'house' });
    assert.deepEqual(new Set(service.keys), new Set(['Bearer sk-test-house']));
    const other = await startSmallModel();
    try {
      const moved = await must(provider.saveProvider, { config: { ...house(), baseUrl: other.baseUrl } });
      assert.equal(moved.key, 'none');
      const openai = { name: 'openai', kind: 'openai', baseUrl: other.baseUrl } as const;
      assert.equal((await must(provider.saveProvider, { config: openai })).key, 'missing');
      await must(provider.testProvider, { name: 'house' });
      await must(provider.testProvider, { name: 'openai' });
      assert.deepEqual(new Set(other.keys), new Set([null]));
    } finally {
      await other.close();
    }
    const [kept, forgotten] = await entries('secret.changed');
    assert.deepEqual(forgotten?.data, { name: secretOf(house()), where: 'nowhere' });
    assert.doesNotMatch(JSON.stringify([kept, forgotten]), /sk-test/);
  });

  it('sends a key nowhere else when a process that cannot reach it moves its provider', async () => {
    const { secrets, store } = stage.butler;
    const other = await startSmallModel();
    const moved = { ...house(), baseUrl: other.baseUrl };
    try {
      await must(provider.saveProvider, { config: house() });
      await must(provider.setSecret, { provider: 'house', value: 'sk-test-house' });
      const elsewhere = { get: async () => null, set: secrets.set, remove: async () => undefined };
      const terminal = { ...stage.butler, secrets: { ...secrets, ...elsewhere } };
      assert.ok((await saveProvider(terminal, moved, 'person:terminal')).ok);
      assert.equal((await store.providers())[0]?.baseUrl, other.baseUrl);
      assert.equal((await infoOf('house'))?.key, 'none');
      await must(provider.testProvider, { name: 'house' });
      assert.deepEqual(new Set(other.keys), new Set([null]));
    } finally {
      await other.close();
    }
  });

  it('sends a key to no other kind of service either', () => {
    const work = { name: 'work', kind: 'openai' } as const;
    assert.notEqual(secretOf(work), secretOf({ ...work, kind: 'groq' }));
    assert.equal(secretOf({ name: 'openai', kind: 'openai' }), secretOf({ name: 'openai' }));
  });

  it('keeps a key while only the path or the model changes', async () => {
    await must(provider.saveProvider, { config: house() });
    await must(provider.setSecret, { provider: 'house', value: 'sk-test' });
    const changed = { ...house(), baseUrl: `${service.baseUrl}/openai`, model: 'tiny' };
    assert.equal((await must(provider.saveProvider, { config: changed })).key, 'set');
  });

  it('says plainly that a way is not encrypted', async () => {
    const lan = { ...house(), baseUrl: 'http://models.example/v1' };
    assert.match((await must(provider.saveProvider, { config: lan })).about, /not encrypted/);
    for (const baseUrl of [
      'https://models.example/v1',
      service.baseUrl,
      'http://localhost:9',
      'http://[::1]:9',
    ]) {
      const safe = { ...house(), baseUrl };
      assert.doesNotMatch((await must(provider.saveProvider, { config: safe })).about, /not encrypted/);
    }
  });

  it('refuses a set-up that cannot be, and names the field', async () => {
    const config = (change: object) => ({ config: { ...house(), ...change } });
    assert.equal(await fieldOf(provider.saveProvider, config({ baseUrl: undefined })), 'baseUrl');
    assert.equal(await fieldOf(provider.saveProvider, config({ baseUrl: 'file:///etc' })), 'config.baseUrl');
    assert.equal(await fieldOf(provider.saveProvider, config({ name: 'groq' })), 'name');
    assert.equal(await fieldOf(provider.saveProvider, config({ kind: 'offline' })), 'kind');
    assert.equal(await fieldOf(provider.saveProvider, config({ timeLimit: 0 })), 'config.timeLimit');
    assert.equal(await fieldOf(provider.setSecret, { provider: 'offline', value: 'sk-test' }), 'provider');
    assert.equal((await stage.butler.store.providers()).length, 0);
  });

  it('tests a provider by one short answer, and keeps what came of it as its connection', async () => {
    await must(provider.saveProvider, { config: house() });
    const tested = await must(provider.testProvider, { name: 'house' });
    assert.deepEqual([tested.model, tested.failure], ['small', null]);
    assert.equal((await infoOf('house'))?.connection.state, 'online');
    const states: [status: number, kind: string, state: string][] = [
      [401, 'auth', 'login'],
      [429, 'limited', 'limited'],
      [503, 'overloaded', 'overloaded'],
    ];
    for (const [status, kind, state] of states) {
      service.refuse(status);
      const refused = await must(provider.testProvider, { name: 'house' });
      assert.deepEqual([refused.failure?.kind, (await infoOf('house'))?.connection.state], [kind, state]);
    }
    await service.close();
    assert.equal((await must(provider.testProvider, { name: 'house' })).failure?.kind, 'offline');
    assert.equal((await must(listJobs, {})).jobs.length, 0);
    service = await startSmallModel();
  });

  it('forgets what was wrong with a provider once its key is set anew', async () => {
    await must(provider.saveProvider, { config: house() });
    service.refuse(401);
    await must(provider.testProvider, { name: 'house' });
    assert.equal((await infoOf('house'))?.connection.state, 'login');
    await must(provider.setSecret, { provider: 'house', value: 'sk-test' });
    assert.equal((await infoOf('house'))?.connection.state, 'unknown');
  });

  it('lists the models of a provider, and says why where it cannot', async () => {
    await must(provider.saveProvider, { config: house() });
    const { models } = await must(provider.listModels, { name: 'house' });
    assert.deepEqual(
      models.map(({ id }) => id),
      ['small'],
    );
    assert.deepEqual((await must(provider.listModels, { name: 'offline' })).models, []);
    assert.equal(await fieldOf(provider.listModels, { name: 'nobody' }), 'id');
    assert.equal(await fieldOf(provider.listModels, { name: 'mistral' }), 'auth');
  });

  it('hears of what another process set up', async () => {
    const other = await setStage({ serve: false, home: stage.home, workspace: stage.workspace });
    const config = house();
    await answer(other.butler, provider.saveProvider.method, { config }, 'person:test');
    await other.butler.close();
    const isHeard = () => stage.butler.providers().some(({ name }) => name === 'house');
    await until(isHeard);
  }).timeout(60_000);

  it('changes some settings and leaves the others, and takes only providers that there are', async () => {
    const before = await must(readSettings, {});
    const fallbacks = [{ provider: 'ollama', model: 'small' }];
    const saved = await must(saveSettings, { change: { fallbacks, fast: { provider: 'groq', model: '' } } });
    assert.deepEqual(saved, { ...before, fallbacks, fast: { provider: 'groq', model: '' } });
    await must(saveSettings, { change: { fast: null, cloudFallback: true } });
    assert.deepEqual(await must(readSettings, {}), { ...before, fallbacks, cloudFallback: true });
    const wrong = { fallbacks: [...fallbacks, { provider: 'nobody', model: '' }] };
    assert.equal(await fieldOf(saveSettings, { change: wrong }), 'fallbacks.1.provider');
    assert.deepEqual((await must(readSettings, {})).fallbacks, fallbacks);
  });
});

function hostOf({ baseUrl }: SmallModel): string {
  return new URL(baseUrl).host;
}
