import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import { Anthropic } from '@anthropic-ai/sdk';
import { type GenerateContentParameters, GoogleGenAI } from '@google/genai';
import { OpenAI } from 'openai';
import { createAnthropic } from '../../../server/adapters/providers/anthropic.ts';
import { createCompatible } from '../../../server/adapters/providers/compatible.ts';
import { createGoogle } from '../../../server/adapters/providers/google.ts';
import type { HttpOptions } from '../../../server/adapters/providers/httpProvider.ts';
import { createOpenAi } from '../../../server/adapters/providers/openai.ts';
import type { Provider } from '../../../server/core/ports/provider.ts';
import { callsOf, textOf, whole } from './listen.ts';
import { asked } from './staging.ts';
import { startWire } from './wire.ts';

/** What an answer came to, as we and the official client can both say it. */
interface Read {
  readonly text: string;
  readonly calls: readonly { readonly call: string; readonly tool: string; readonly input: unknown }[];
  readonly output: number;
}

/** The official client of a wire, sent the same body; answers what it read. */
type Client = (baseURL: string, body: unknown) => Promise<Read>;

const settings = { apiKey: 'sk-test', maxRetries: 0, logLevel: 'off' } as const;

const byMessages: Client = async (baseURL, body) => {
  const client = new Anthropic({ ...settings, baseURL, authToken: null });
  const { content, usage } = await client.messages
    .stream(body as Anthropic.MessageStreamParams)
    .finalMessage();
  return {
    text: content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
    calls: content.flatMap((block) =>
      block.type === 'tool_use' ? [{ call: block.id, tool: block.name, input: block.input }] : [],
    ),
    output: usage.output_tokens,
  };
};

const byResponses: Client = async (baseURL, body) => {
  const client = new OpenAI({ ...settings, baseURL });
  const stream = client.responses.stream(body as Parameters<typeof client.responses.stream>[0]);
  const { output, output_text, usage } = await stream.finalResponse();
  return {
    text: output_text,
    calls: output.flatMap((item) =>
      item.type === 'function_call'
        ? [{ call: item.call_id, tool: item.name, input: JSON.parse(item.arguments) }]
        : [],
    ),
    output: usage?.output_tokens ?? 0,
  };
};

const byChat: Client = async (baseURL, body) => {
  const client = new OpenAI({ ...settings, baseURL });
  const stream = client.chat.completions.stream(body as Parameters<typeof client.chat.completions.stream>[0]);
  const message = await stream.finalMessage();
  return {
    text: message.content ?? '',
    calls: (message.tool_calls ?? []).flatMap((call) =>
      call.type === 'function'
        ? [{ call: call.id, tool: call.function.name, input: JSON.parse(call.function.arguments) }]
        : [],
    ),
    output: (await stream.totalUsage()).completion_tokens,
  };
};

/** This client takes the fields of a body in another order. */
const byGemini: Client = async (baseUrl, body) => {
  const client = new GoogleGenAI({ apiKey: 'sk-test', httpOptions: { baseUrl, apiVersion: 'v1beta' } });
  const { contents, systemInstruction, tools, generationConfig } = body as GeminiBody;
  const config = { systemInstruction, tools, ...generationConfig };
  const read = { text: '', calls: [] as Read['calls'][number][], output: 0 };
  for await (const event of await client.models.generateContentStream({
    model: asked.model,
    contents,
    config,
  })) {
    for (const { text, thought, functionCall } of event.candidates?.[0]?.content?.parts ?? []) {
      if (text && !thought) read.text += text;
      const { id = '', name = '', args } = functionCall ?? {};
      if (functionCall) read.calls.push({ call: id, tool: name, input: args });
    }
    const { candidatesTokenCount = 0, thoughtsTokenCount = 0 } = event.usageMetadata ?? {};
    read.output = candidatesTokenCount + thoughtsTokenCount;
  }
  return read;
};

type Config = NonNullable<GenerateContentParameters['config']>;
type GeminiBody = Pick<GenerateContentParameters, 'contents'> &
  Required<Pick<Config, 'systemInstruction' | 'tools'>> & { readonly generationConfig: Config };

type Create = (options: HttpOptions & { readonly baseURL: string }) => Provider;

/** Each wire, its official client, and the samples that the client can read. */
const wires: readonly (readonly [string, Create, Client, readonly string[]])[] = [
  [
    'Messages by Anthropic',
    createAnthropic,
    byMessages,
    ['text', 'thinking', 'calls', 'length'].map(of('anthropic')),
  ],
  ['Responses by OpenAI', createOpenAi, byResponses, ['text', 'thinking', 'calls'].map(of('openai'))],
  [
    'Chat Completions',
    createCompatible,
    byChat,
    [...['text', 'thinking', 'calls'].map(of('groq')), ...['comments', 'calls'].map(of('compatible'))],
  ],
  ['Gemini by Google', createGoogle, byGemini, ['text', 'thinking', 'calls', 'length'].map(of('google'))],
];

function of(service: string): (name: string) => string {
  return (name) => `${service}/${name}.sse`;
}

describe('the official clients', () => {
  for (const [wire, create, client, samples] of wires) {
    for (const sample of samples) {
      it(`send and read ${wire} as we do: ${sample}`, async () => {
        const requests: IncomingMessage[] = [];
        const bytes = readFileSync(path.join(import.meta.dirname, 'samples', sample));
        const { url, bodies, close } = await startWire((response, request) => {
          requests.push(request);
          response.writeHead(200, { 'content-type': 'text/event-stream' }).end(bytes);
        });
        const provider = create({ key: async () => 'sk-test', baseURL: url });
        const { done } = await whole({ provider, request: asked });
        const sent = JSON.parse(bodies[0] ?? '');
        const read = await client(url, sent);
        await close();
        const ours = callsOf(done.parts).map(({ call, tool, input }) => ({ call, tool, input }));
        assert.deepEqual({ text: textOf(done.parts), calls: ours, output: done.usage?.output }, read);
        assert.deepEqual(JSON.parse(bodies[1] ?? ''), sent);
        assert.deepEqual(requests.map(reachedBy)[0], requests.map(reachedBy)[1]);
      });
    }
  }
});

/** Where a request went, and what stood over it that a service looks at. */
function reachedBy({ method, url, headers }: IncomingMessage) {
  const {
    authorization,
    'x-goog-api-key': googleKey,
    'x-api-key': key = googleKey,
    'anthropic-version': version,
    'content-type': type,
  } = headers;
  return { method, url, authorization, key, version, type };
}
