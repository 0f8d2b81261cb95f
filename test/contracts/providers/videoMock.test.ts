import assert from 'node:assert/strict';
import { LLMock } from '@copilotkit/aimock';
import { createGoogle } from '../../../server/adapters/providers/google.ts';
import { createOpenAi } from '../../../server/adapters/providers/openai.ts';
import { film, order, startVideoStudio, wish } from './videoStudio.ts';

const key = async () => ['test', 'key'].join('-');

describe('a video at services of another hand', function () {
  this.timeout(60_000);
  const { signal } = new AbortController();
  const watch = { signal, sleep: async () => {}, progress: () => {} };

  it('is taken from the answer itself where a service puts it there', async () => {
    const studio = await startVideoStudio('google', (what, response) => {
      if (!what.startsWith('GET')) return false;
      const content = [{ type: 'video', mime_type: 'video/mp4', data: film.toString('base64') }];
      const steps = [{ type: 'model_output', content }];
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ id: 'v1_Chd-x', status: 'completed', steps }));
      return true;
    });
    const { video } = createGoogle({ key, baseURL: studio.url });
    const ready = await video?.wait('v1_Chd-x', watch);
    assert.ok(ready?.ok);
    const keep = async (pieces: AsyncIterable<Uint8Array>) => {
      const all: Uint8Array[] = [];
      for await (const piece of pieces) all.push(piece);
      return Buffer.concat(all);
    };
    const taken = await video?.take({ name: 'v1_Chd-x', at: ready.value }, keep, signal);
    assert.ok(taken?.ok && taken.value.equals(film));
    assert.equal(studio.asked.length, 1);
    await studio.close();
  });

  it('is ordered and found ready, or failed, as the mock of OpenAI says', async () => {
    const mock = new LLMock({ port: 0, strict: true });
    mock.onVideo('A lighthouse', { video: { id: 'vid-1', status: 'completed' } });
    mock.onVideo('A storm', { video: { id: 'vid-2', status: 'failed' } });
    await mock.start();
    try {
      const { video } = createOpenAi({ key, baseURL: `${mock.url}/v1` });
      assert.deepEqual(await video?.begin(wish, order('x')), { ok: true, value: 'vid-1' });
      assert.deepEqual(await video?.wait('vid-1', watch), { ok: true, value: '/videos/vid-1/content' });
      const failed = await video?.begin({ ...wish, words: 'A storm' }, order('y'));
      assert.equal(failed?.ok === false && failed.failure.kind, 'tool');
      const unknown = await video?.wait('vid-9', watch);
      assert.match(unknown?.ok === false ? unknown.failure.what : '', /has the video no more/);
    } finally {
      await mock.stop();
    }
  });
});
