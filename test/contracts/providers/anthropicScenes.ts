import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { type Fixture, LLMock } from '@copilotkit/aimock';
import { type AnthropicOptions, createAnthropic } from '../../../server/adapters/providers/anthropic.ts';
import type { ProviderRequest } from '../../../server/core/ports/provider.ts';
import { type Fault, question, type Scene, type Stage, type Subject } from './suite.ts';
import { anthropicEvents as a, begin, type Reply, refuse, sse, stall, startWire, stream } from './wire.ts';

const readFile = {
  name: 'read_file',
  description: 'Reads a file.',
  input: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
};

const asked = question('hello', { tools: [readFile] });

type Settings = Partial<AnthropicOptions> & { readonly request?: ProviderRequest };

function stage(baseURL: string, settings: Settings, close: () => Promise<void>): Stage {
  const { request = asked, ...options } = settings;
  return { provider: createAnthropic({ key: async () => 'sk-test', baseURL, ...options }), request, close };
}

/** Played by aimock. */
function mocked<E>(expect: E, ...fixtures: Fixture[]): Scene<E> {
  return {
    expect,
    set: async () => {
      const mock = new LLMock({ port: 0, strict: true, logLevel: 'silent', chunkSize: 8 });
      mock.addFixtures(fixtures);
      await mock.start();
      return stage(mock.url, {}, () => mock.stop());
    },
  };
}

/** Played by bytes on a loopback connection. */
function wired<E>(expect: E, reply: Reply, settings: Settings = {}): Scene<E> {
  return {
    expect,
    set: async () => {
      const wire = await startWire(reply);
      return stage(wire.url, settings, wire.close);
    },
  };
}

/** Played at an address where nothing useful is. */
function addressed(baseURL: () => Promise<string>): Scene<null> {
  return { expect: null, set: async () => stage(await baseURL(), {}, async () => undefined) };
}

const match = { userMessage: 'hello' };
const longText = 'A long answer that comes in many pieces, one after the other. '.repeat(6);
const unicode = 'Größe 漢字 👩‍👩‍👧‍👦 e\u0301 🏳️‍🌈';

/** A text's event cut inside its characters, a few bytes at a time. */
const byteByByte: Reply = async (response) => {
  const events = [a.start(), ...a.text(0, unicode), ...a.end('end_turn')];
  const bytes = Buffer.from(events.map(sse).join(''));
  begin(response);
  response.socket?.setNoDelay(true);
  for (let at = 0; at < bytes.length; at += 5) {
    response.write(bytes.subarray(at, at + 5));
    await new Promise((resolve) => setImmediate(resolve));
  }
  response.end();
};

const failing = (status: number, retryAfter?: number): Fixture => ({
  match,
  response: { error: { message: 'no' }, status, ...(retryAfter ? { retryAfter } : {}) },
});

const faults: Subject['faults'] = {
  'the key is missing': wired(null, stream(), { key: async () => null }),
  'the key is wrong': wired(null, refuse(401, 'authentication_error', 'invalid x-api-key')),
  'the key may not do this': wired(null, refuse(403, 'permission_error', 'Not allowed.')),
  'there is no such model': wired(null, refuse(404, 'not_found_error', 'model: nope')),
  'the request is not accepted': wired(null, refuse(400, 'invalid_request_error', 'tools.0: bad')),
  'the request is too large': wired(
    null,
    refuse(413, 'request_too_large', 'Request exceeds the maximum size'),
  ),
  'the prompt is too long': wired(
    null,
    refuse(400, 'invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum'),
  ),
  'the limit is reached': mocked(null, failing(429, 7)),
  'the service has a fault': mocked(null, failing(500)),
  'the service is overloaded': mocked(null, failing(529)),
  'the service is overloaded in mid-answer': wired(
    null,
    stream(a.start(), ...a.text(0, 'He'), {
      type: 'error',
      error: { type: 'overloaded_error', message: 'Overloaded' },
    }),
  ),
  'the connection is refused': addressed(closedPort),
  'the name does not resolve': addressed(async () => 'http://nowhere.invalid'),
  'the connection is not secure': {
    expect: null,
    set: async () => {
      const wire = await startWire(stream());
      return stage(wire.url.replace('http:', 'https:'), {}, wire.close);
    },
  },
  'the connection is cut before the answer': wired(null, (response) => void response.destroy()),
  'nothing comes': wired(null, () => undefined, { silence: 100 }),
  'nothing more comes': wired(null, stall(a.start(), a.text(0, 'He')[0] ?? ''), { silence: 100 }),
  'the answer is cut in its text': mocked(null, {
    match,
    response: { content: longText },
    latency: 3,
    truncateAfterChunks: 6,
  }),
  'the answer is cut in a tool call': mocked(null, {
    match,
    response: {
      toolCalls: [{ name: 'read_file', arguments: JSON.stringify({ path: 'a/long/path/'.repeat(20) }) }],
    },
    latency: 3,
    truncateAfterChunks: 6,
  }),
  'the answer ends without its end': wired(null, stream(a.start(), ...a.text(0, 'Hello.'))),
  'an event is no JSON': wired(
    null,
    stream(a.start(), 'event: content_block_delta\ndata: {"type":"content_bl\n\n', ...a.end('end_turn')),
  ),
  'an event has another shape': wired(
    null,
    stream(a.start(), { type: 'content_block_delta', index: 3 }, ...a.end('end_turn')),
  ),
  'the input of a tool is no JSON': wired(
    null,
    stream(a.start(), ...a.call(0, 'toolu_1', 'read_file', '{"path": "a'), ...a.end('tool_use')),
  ),
  'the answer is no stream': wired(null, (response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in to the network</h1>');
  }),
  'the answer is empty': wired(null, stream(a.start(), ...a.end('end_turn'))),
  'the answer is refused': wired(null, stream(a.start(), ...a.text(0, 'I'), ...a.end('refusal'))),
  'a tool call is longer than allowed': wired(
    null,
    stream(a.start(), ...a.call(0, 'toolu_1', 'read_file', '{"path": "a'), ...a.end('max_tokens')),
  ),
} satisfies Record<Fault, Scene<null>>;

/** Anthropic against aimock, and against bytes on the wire where aimock has none. */
export const anthropic: Subject = {
  name: 'anthropic',
  text: mocked(longText, { match, response: { content: longText } }),
  unicode: wired(unicode, byteByByte),
  parallelCalls: mocked(
    ['a.md', 'b.md'].map((path) => ({ tool: 'read_file', input: { path } })),
    {
      match,
      response: {
        content: 'I read both.',
        toolCalls: ['a.md', 'b.md'].map((path) => ({
          name: 'read_file',
          arguments: JSON.stringify({ path }),
        })),
      },
    },
  ),
  toolRound: mocked(
    { tool: 'read_file', input: { path: 'a.md' }, output: 'forty-two', answer: /^It says forty-two\.$/ },
    {
      match: { ...match, hasToolResult: false },
      response: { toolCalls: [{ name: 'read_file', arguments: '{"path":"a.md"}' }] },
    },
    { match: { toolResultContains: 'forty-two' }, response: { content: 'It says forty-two.' } },
  ),
  usage: wired(
    { input: 12, output: 34, cacheRead: 5600, cacheWrite: 700 },
    stream(
      a.start({
        input_tokens: 12,
        output_tokens: 1,
        cache_read_input_tokens: 5600,
        cache_creation_input_tokens: 700,
      }),
      ...a.text(0, 'Hello.'),
      ...a.end('end_turn', { output_tokens: 34, input_tokens: null }),
    ),
  ),
  slow: wired(null, stall(a.start(), ...a.text(0, 'He').slice(0, 2))),
  faults,
};

/** An address at which nothing listens: a port that was free a moment ago. */
async function closedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
