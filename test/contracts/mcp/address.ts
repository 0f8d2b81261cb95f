import type { IncomingMessage, ServerResponse } from 'node:http';
import { listen } from '../../support/loopback.ts';

/** What a server at an address does with a request that follows the rules so far. */
export type Manner = 'plain' | 'stream' | 'endless' | 'html' | 'error' | 'noAuth' | 'longHeader' | 'hang';

/** A server at an address on the loopback, and what it was asked. */
export interface Address {
  readonly url: string;
  readonly requests: readonly { readonly method: string; readonly headers: IncomingMessage['headers'] }[];
  close(): Promise<void>;
}

/** Opens a server with one tool `look`; with `redirect`, it sends everybody elsewhere under that status. */
export async function openAddress({
  manner = 'plain',
  redirect,
  port: wanted = 0,
}: {
  manner?: Manner;
  port?: number;
  redirect?: { readonly status: number; readonly to: string };
} = {}): Promise<Address> {
  const requests: { method: string; headers: IncomingMessage['headers'] }[] = [];
  const { url, close } = await listen(async (request, response) => {
    const { method = '', headers } = request;
    requests.push({ method, headers });
    if (redirect) return void response.writeHead(redirect.status, { location: redirect.to }).end();
    if (method !== 'POST') return void response.writeHead(405).end();
    let body = '';
    for await (const chunk of request) body += String(chunk);
    answer(response, JSON.parse(body), manner);
  }, wanted);
  return { url: `${url}/mcp`, requests, close };
}

interface Asked {
  readonly id?: number;
  readonly method: string;
  readonly params?: { readonly protocolVersion?: string };
}

function answer(response: ServerResponse, { id, method, params }: Asked, manner: Manner): void {
  if (id === undefined) return void response.writeHead(202).end();
  const results: Readonly<Record<string, unknown>> = {
    initialize: {
      protocolVersion: params?.protocolVersion,
      capabilities: { tools: {} },
      serverInfo: { name: 'address', version: '1' },
    },
    'tools/list': { tools: [{ name: 'look', inputSchema: { type: 'object' } }] },
    'tools/call': { content: [{ type: 'text', text: 'did look' }] },
  };
  const text = JSON.stringify({ jsonrpc: '2.0', id, result: results[method] ?? {} });
  const plain = () => void response.writeHead(200, { 'content-type': 'application/json' }).end(text);
  const stream = () => response.writeHead(200, { 'content-type': 'text/event-stream' });
  const manners: Record<Manner, () => void> = {
    plain,
    stream: () => void stream().end(`event: message\ndata: ${text}\n\n`),
    endless: () => {
      stream().write('data: "');
      const more = () => {
        while (response.write('x'.repeat(65_536)));
        response.once('drain', more);
      };
      more();
    },
    html: () => void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Log in</h1>'),
    error: () => void response.writeHead(500).end('<script>alert(1)</script>'),
    noAuth: () =>
      void response
        .writeHead(401, { 'www-authenticate': 'Bearer resource_metadata="http://127.0.0.1:1/steal"' })
        .end(),
    longHeader: () => {
      const headers = { 'content-type': 'application/json', 'mcp-session-id': 's'.repeat(10_000) };
      response.writeHead(200, headers).end(text);
    },
    hang: () => undefined,
  };
  manners[manner]();
}
