import assert from 'node:assert/strict';
import { GoogleGenAI } from '@google/genai';
import { OpenAI } from 'openai';
import { createGoogle } from '../../../server/adapters/providers/google.ts';
import { createOpenAi } from '../../../server/adapters/providers/openai.ts';
import type { Filming } from '../../../server/core/ports/provider.ts';
import { film, order, startVideoStudio, wish } from './videoStudio.ts';

const key = ['test', 'key'].join('-');

describe('the official clients, of videos', function () {
  this.timeout(60_000);

  it('ask OpenAI what we ask, but for the form of the order', async () => {
    const ours = await startVideoStudio('openai');
    const video = createOpenAi({ key: async () => key, baseURL: ours.url }).video;
    await video?.begin(wish, order('x'));
    const theirs = await startVideoStudio('openai');
    const client = new OpenAI({ apiKey: key, baseURL: theirs.url, maxRetries: 0 });
    const { id } = (await client.post('/videos', { body: ours.orders[0]?.body as object })) as { id: string };
    await client.videos.retrieve(id);
    const content = await client.videos.downloadContent(id);
    assert.ok(Buffer.from(await content.arrayBuffer()).equals(film));
    const [sent] = theirs.orders;
    assert.deepEqual(sent?.body, ours.orders[0]?.body);
    assert.equal(sent?.headers.authorization, ours.orders[0]?.headers.authorization);
    const { at } = await readyAt(video, 'video_1');
    assert.deepEqual(theirs.asked, ['POST /videos', 'GET /videos/video_1', `GET ${at}`]);
    await Promise.all([ours.close(), theirs.close()]);
  });

  it('ask Google what we ask, and find the video where we find it', async () => {
    const ours = await startVideoStudio('google');
    const video = createGoogle({ key: async () => key, baseURL: ours.url }).video;
    await video?.begin(wish, order('x'));
    const theirs = await startVideoStudio('google');
    const client = new GoogleGenAI({
      apiKey: key,
      httpOptions: { baseUrl: theirs.url, apiVersion: 'v1beta' },
    });
    const body = ours.orders[0]?.body as Parameters<typeof client.interactions.create>[0];
    const { id } = (await client.interactions.create(body)) as { id: string };
    for (let looks = 0; looks < 2; looks++) await client.interactions.get(id);
    const done = (await client.interactions.get(id)) as { output_video?: { uri?: string } };
    assert.deepEqual(theirs.orders[0]?.body, ours.orders[0]?.body);
    assert.equal(theirs.orders[0]?.headers['x-goog-api-key'], ours.orders[0]?.headers['x-goog-api-key']);
    assert.equal(theirs.asked[1]?.split('?')[0], `GET /v1beta/interactions/${id}`);
    const { at } = await readyAt(video, id);
    assert.equal(new URL(done.output_video?.uri ?? '').pathname, new URL(at).pathname);
    await Promise.all([ours.close(), theirs.close()]);
  });

  it('know of no videos at OpenAI itself, which ended them', () => {
    const options = { key: async () => key };
    assert.equal(createOpenAi(options).video, undefined);
    assert.equal(createOpenAi({ ...options, baseURL: 'https://api.openai.com/v1' }).video, undefined);
  });
});

async function readyAt(video: Filming | undefined, name: string): Promise<{ at: string }> {
  const { signal } = new AbortController();
  const ready = await video?.wait(name, { signal, sleep: async () => {}, progress: () => {} });
  assert.ok(ready?.ok);
  return { at: ready.value };
}
