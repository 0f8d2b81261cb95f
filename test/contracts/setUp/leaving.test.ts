import assert from 'node:assert/strict';
import { saveProvider } from '../../../server/core/providers.ts';
import { answer } from '../../../server/main/handlers.ts';
import { findLeaving, type ModelChoice, type ProviderConfig } from '../../../server/protocol/provider.ts';
import { ofEachTest } from '../../support/ofEachTest.ts';
import { setStage } from '../../support/stage.ts';

describe('fallbacks, as a person is asked for consent to them', () => {
  const stage = ofEachTest(
    () => setStage({ serve: false }),
    ({ close }) => close(),
  );
  const add = async (config: ProviderConfig) =>
    assert.ok((await saveProvider(stage.butler, config, 'person:test')).ok);
  const leavingIn = async (fallbacks: ModelChoice[]) => {
    const found = await answer(stage.butler, findLeaving.method, { fallbacks }, 'person:test');
    assert.ok(found.ok, JSON.stringify(found));
    return findLeaving.result.parse(found.value).leaving;
  };
  const ollama = (model: string) => ({ provider: 'ollama', model });

  it('leave this machine where a service does, and where an Ollama on it asks a model of its cloud', async () => {
    await add({ name: 'house', kind: 'compatible', baseUrl: 'http://127.0.0.1:9/v1' });
    const here = [ollama('qwen3'), { provider: 'house', model: 'small' }, { provider: 'nobody', model: '' }];
    const away = [ollama('gpt-oss:120b-cloud'), ollama('big:cloud'), { provider: 'mistral', model: '' }];
    assert.deepEqual(await leavingIn([...here, ...away]), away);
    assert.deepEqual(await leavingIn(here), []);
  });

  it('leave it by the model that is taken where none is named', async () => {
    assert.deepEqual(await leavingIn([ollama('')]), []);
    await add({ name: 'ollama', kind: 'ollama', model: 'big:cloud' });
    assert.deepEqual(await leavingIn([ollama('')]), [ollama('')]);
  });
});
