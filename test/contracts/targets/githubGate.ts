import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** One request at the gate. */
export interface Asked {
  readonly method: string;
  /** Path with its query. */
  readonly path: string;
  readonly token: string;
  readonly body: Buffer;
}

/** What a rule answers in place of what stands behind the gate. */
export interface Answered {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A rule: an answer of its own, or `null` to let the request through; asks behind the gate as it likes. */
export type Rule = (asked: Asked, behind: Behind) => Promise<Answered | null> | Answered | null;
/** Asks what stands behind the gate, as the same person. */
export type Behind = (
  method: string,
  path: string,
  body?: unknown,
) => Promise<{ status: number; body: unknown }>;

/** A gate in front of a server that lets in whom it knows, and answers some things itself. */
export interface Gate extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Every request, in order. */
  readonly asked: Asked[];
  /** Rules of one test; the first that answers wins. */
  readonly rules: Rule[];
  /** Waits until nothing is at work behind it. */
  idle(): Promise<void>;
  /** Which requests are never answered, their connection breaks: before they are done, or after. */
  loses: (asked: Asked, count: number) => 'before' | 'after' | null;
}

/** Requests that the server behind lets one name ask; after that the next name of the same person is used. */
export const perName = 4000;

/** Opens a gate; `tokens` tells the names that the server behind knows a person's token by. */
export async function openGate(
  behind: string,
  tokens: Readonly<Record<string, (count: number) => string>>,
  standing: readonly Rule[],
): Promise<Gate> {
  const asked: Asked[] = [];
  const rules: Rule[] = [];
  let count = 0;
  let open = 0;
  const server = http.createServer(async (request, response) => {
    open++;
    await serve(request, response).finally(() => open--);
  });
  const serve = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const one = { method: request.method ?? '', path: request.url ?? '', token, body: Buffer.concat(chunks) };
    asked.push(one);
    const lost = gate.loses(one, asked.length);
    if (lost === 'before') return request.socket.destroy();
    const reply = (status: number, headers: Record<string, string>, body: Uint8Array) => {
      if (lost === 'after') return response.destroy();
      return response.writeHead(status, { ...headers, 'content-length': String(body.length) }).end(body);
    };
    const name = Object.hasOwn(tokens, token) ? tokens[token] : undefined;
    const json = { 'content-type': 'application/json; charset=utf-8' };
    if (!name) return reply(401, json, Buffer.from('{"message":"Bad credentials"}'));
    const ask = async (method: string, path: string, type: string, body?: Uint8Array) => {
      const authorization = `Bearer ${name(Math.floor(count++ / perName))}`;
      const init = { method, headers: { authorization, ...(body ? { 'content-type': type } : {}) } };
      return fetch(behind + path, body && body.length > 0 ? { ...init, body: Buffer.from(body) } : init);
    };
    const within: Behind = async (method, path, body) => {
      const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
      const got = await ask(method, path, 'application/json', bytes);
      const text = await got.text();
      return { status: got.status, body: text === '' ? null : JSON.parse(text) };
    };
    for (const rule of [...rules, ...standing]) {
      const own = await rule(one, within);
      if (!own) continue;
      const body = own.body === undefined ? '' : JSON.stringify(own.body);
      return reply(own.status, { ...json, ...own.headers }, Buffer.from(own.status === 204 ? '' : body));
    }
    const type = request.headers['content-type'] ?? 'application/octet-stream';
    const got = await ask(one.method, one.path, type, one.body);
    const passed = [...got.headers].filter(([header]) => /^(content-type|x-ratelimit|link)/.test(header));
    reply(got.status, Object.fromEntries(passed), Buffer.from(await got.arrayBuffer()));
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const gate: Gate = {
    url: `http://127.0.0.1:${port}`,
    port,
    asked,
    rules,
    idle: async () => {
      for (let quiet = 0; quiet < 3; quiet = open === 0 ? quiet + 1 : 0) await sleep(10);
    },
    loses: () => null,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return gate;
}
