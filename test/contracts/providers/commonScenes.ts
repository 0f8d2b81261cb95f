import { longText, match, type Staging } from './staging.ts';
import type { Fault, Scene } from './subject.ts';
import { begin, type Reply, refuse, startWire, stream, type Wire } from './wire.ts';

/** The faults that are alike on every wire over HTTP. */
export function wireFaults({ wired, addressed }: Staging) {
  return {
    'the key is missing': wired(null, stream(), { key: async () => null }),
    'the address is not that of the service': wired(null, (response) => {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not Found</h1>');
    }),
    'the service sends the request elsewhere': wired(null, [
      (response) => void response.writeHead(307, { location: '/elsewhere' }).end(),
      (response) => void begin(response).end(),
    ]),
    'the connection is refused': addressed(closedPort),
    'the name does not resolve': addressed(async () => ({
      url: 'http://nowhere.invalid',
      close: async () => undefined,
    })),
    'the connection is not secure': addressed(openWay),
    'the connection is cut before the answer': wired(null, (response) => void response.destroy()),
    'nothing comes': wired(null, () => undefined, { silence: 100 }),
    'the answer is no stream': wired(null, (response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in to the network</h1>');
    }),
  } satisfies Partial<Record<Fault, Scene<null>>>;
}

/** An address at which nothing listens: a port that was free a moment ago. */
async function closedPort(): Promise<Pick<Wire, 'url' | 'close'>> {
  const wire = await startWire(stream());
  await wire.close();
  return { url: wire.url, close: async () => undefined };
}

/** A service without encryption where it is expected. */
async function openWay(): Promise<Pick<Wire, 'url' | 'close'>> {
  const wire = await startWire(stream());
  return { url: wire.url.replace('http:', 'https:'), close: wire.close };
}

/** The faults that aimock plays in the service's own form. */
export function mockFaults({ mocked }: Staging) {
  const failing = (status: number, retryAfter?: number) =>
    mocked(null, {
      match,
      response: { error: { message: 'no' }, status, ...(retryAfter ? { retryAfter } : {}) },
    });
  const cutShort = { match, latency: 3, truncateAfterChunks: 6 };
  const call = { name: 'read_file', arguments: JSON.stringify({ path: 'a/long/path/'.repeat(20) }) };
  return {
    'the limit is reached': failing(429, 7),
    'the service has a fault': failing(500),
    'the service is overloaded': failing(529),
    'the answer is cut in its text': mocked(null, { ...cutShort, response: { content: longText } }),
    'the answer is cut in a tool call': mocked(null, { ...cutShort, response: { toolCalls: [call] } }),
  } satisfies Partial<Record<Fault, Scene<null>>>;
}

/** The scenes that aimock plays in the service's own form. */
export function mockScenes({ mocked }: Staging) {
  const calls = ['a.md', 'b.md'].map((path) => ({ tool: 'read_file', input: { path } }));
  return {
    text: mocked(longText, { match, response: { content: longText } }),
    parallelCalls: mocked(calls, {
      match,
      response: {
        content: 'I read both.',
        toolCalls: calls.map(({ tool, input }) => ({ name: tool, arguments: JSON.stringify(input) })),
      },
    }),
    toolRound: mocked(
      { tool: 'read_file', input: { path: 'a.md' }, output: 'forty-two', answer: /^It says forty-two\.$/ },
      {
        match: { ...match, hasToolResult: false },
        response: { toolCalls: [{ name: 'read_file', arguments: '{"path":"a.md"}' }] },
      },
      { match: { toolResultContains: 'forty-two' }, response: { content: 'It says forty-two.' } },
    ),
  };
}

/** Refuses a request with the words of a service that shows the key. */
export const keySaidBack = (type: string): Reply =>
  refuse(400, type, 'The header "Authorization: Bearer sk-test" is not right.');
