import assert from 'node:assert/strict';
import { GoogleGenAI } from '@google/genai';
import { OpenAI } from 'openai';
import { createGoogle } from '../../../server/adapters/providers/google.ts';
import { createOpenAi } from '../../../server/adapters/providers/openai.ts';
import type { Provider } from '../../../server/core/ports/provider.ts';
import { type Reply, startWire } from './wire.ts';

const bytes = Buffer.from('what was made');
const key = ['test', 'key'].join('-');

/** What was asked for, as far as a service can tell. */
interface Seen {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly key: unknown;
  readonly body: unknown;
}

/** Answers, and notes what it was asked. */
async function watching(
  reply: Reply,
  ask: (url: string) => Promise<unknown>,
): Promise<{ seen: Seen; made: unknown }> {
  const seen: Omit<Seen, 'body'>[] = [];
  const wire = await startWire((response, request) => {
    const { authorization, 'x-goog-api-key': google } = request.headers;
    seen.push({ method: request.method, path: request.url, key: authorization ?? google });
    return reply(response, request);
  });
  const made = await ask(wire.url).finally(() => wire.close());
  const [first] = seen;
  assert.ok(first);
  return { seen: { ...first, body: JSON.parse(wire.bodies[0] ?? '') }, made };
}

const json =
  (body: object): Reply =>
  (response) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const picture = json({ created: 1, data: [{ b64_json: bytes.toString('base64') }] });
const sound: Reply = (response) => void response.writeHead(200, { 'content-type': 'audio/wav' }).end(bytes);
const inline = (mimeType: string) =>
  json({
    candidates: [{ content: { parts: [{ inlineData: { mimeType, data: bytes.toString('base64') } }] } }],
  });

const openAi = (url: string) => new OpenAI({ apiKey: key, baseURL: url, maxRetries: 0 });
const google = (url: string) =>
  new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: url, apiVersion: 'v1beta' } });

const made = async (provider: Provider, member: 'image' | 'speech') => {
  const outcome = await provider[member]?.make('A lighthouse', new AbortController().signal);
  assert.ok(outcome?.ok);
  return Buffer.from(outcome.value.bytes).toString();
};

describe('the official clients, of pictures and speech', () => {
  it('send what we send to OpenAI, and read what we read', async () => {
    const ours = await watching(picture, (url) =>
      made(createOpenAi({ key: async () => key, baseURL: url }), 'image'),
    );
    const body = ours.seen.body as OpenAI.ImageGenerateParamsNonStreaming;
    const theirs = await watching(picture, async (url) => {
      const { data } = await openAi(url).images.generate(body);
      return Buffer.from(data?.[0]?.b64_json ?? '', 'base64').toString();
    });
    assert.deepEqual(ours, theirs);
    const spoken = await watching(sound, (url) =>
      made(createOpenAi({ key: async () => key, baseURL: url }), 'speech'),
    );
    const words = spoken.seen.body as OpenAI.Audio.SpeechCreateParams;
    const heard = await watching(sound, async (url) => (await openAi(url).audio.speech.create(words)).text());
    assert.deepEqual(spoken, heard);
  });

  it('send what we send to Google, and read what we read', async () => {
    for (const [member, type] of [
      ['image', 'image/png'],
      ['speech', 'audio/wav'],
    ] as const) {
      const ours = await watching(inline(type), (url) =>
        made(createGoogle({ key: async () => key, baseURL: url }), member),
      );
      const { contents, generationConfig } = ours.seen.body as { contents: []; generationConfig: object };
      const model = /models\/([^:]+):/.exec(ours.seen.path ?? '')?.[1] ?? '';
      const theirs = await watching(inline(type), async (url) => {
        const answer = await google(url).models.generateContent({
          model,
          contents,
          config: generationConfig,
        });
        return Buffer.from(answer.data ?? '', 'base64').toString();
      });
      assert.deepEqual(ours, theirs);
    }
  });
});
