import { strict as assert } from 'node:assert';
import type { Draft } from '../../../server/core/ports/store.ts';
import { failures } from '../../../server/protocol/failure.ts';
import { adminStream } from '../../../server/protocol/journal.ts';
import { defaultSettings, type Settings } from '../../../server/protocol/settings.ts';
import { connectionChanged, providerRemoved, providerSaved } from './drafts.ts';
import { type StoreFactory, storeOfEachTest } from './storeUnderTest.ts';

/** What every store must keep of what a person sets up for all Abilities. */
export function setUpContract(name: string, factory: StoreFactory): void {
  describe(`the ${name} store, of what is set up`, () => {
    const { store } = storeOfEachTest(factory);

    const append = async (...drafts: Draft[]) => {
      const outcome = await store.append(drafts);
      return outcome.ok ? 'done' : outcome.failure.kind;
    };
    const base = { stream: adminStream, actor: 'person' };

    it('keeps providers in the order in which each was first set up', async () => {
      const house = { name: 'house', kind: 'compatible', baseUrl: 'http://127.0.0.1:9/v1' } as const;
      await append(providerSaved(house), providerSaved({ name: 'openai', kind: 'openai' }));
      await append(providerSaved({ ...house, model: 'small' }));
      assert.deepEqual(await store.providers(), [
        { ...house, model: 'small' },
        { name: 'openai', kind: 'openai' },
      ]);
      assert.equal(await append(providerRemoved('house')), 'done');
      assert.equal(await append(providerRemoved('house')), 'conflict');
      assert.deepEqual(await store.providers(), [{ name: 'openai', kind: 'openai' }]);
    });

    it('answers the settings that a person saved last, and the defaults before', async () => {
      assert.deepEqual(await store.settings(), defaultSettings);
      const settings: Settings = {
        ...defaultSettings,
        fallbacks: [{ provider: 'ollama', model: 'small' }],
        cloudFallback: true,
      };
      await append({ ...base, type: 'settings.saved', data: { settings: defaultSettings } });
      await append({ ...base, type: 'settings.saved', data: { settings } });
      assert.deepEqual(await store.settings(), settings);
    });

    it('knows how each provider could be reached last', async () => {
      assert.deepEqual(await store.connections(), {});
      const limit = { until: 9, failure: failures.limited('Groq', 9) };
      await append(connectionChanged('groq', 'online'), connectionChanged('groq', 'limited', limit));
      await append(connectionChanged('ollama', 'offline'));
      assert.deepEqual(await store.connections(), {
        groq: { state: 'limited', since: 1, ...limit },
        ollama: { state: 'offline', since: 1 },
      });
    });
  });
}
