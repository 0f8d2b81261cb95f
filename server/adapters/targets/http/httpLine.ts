import http from 'node:http';
import https from 'node:https';
import { askedToGoOn } from './goOn.ts';

/** What is asked of a server. */
export interface HttpAsk {
  readonly method: string;
  /** Path and query as they go over the wire; nothing is normalized. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: HttpBody;
  readonly signal: AbortSignal;
}

/** Bytes on their way out, read when the server wants them. */
export interface HttpBody {
  readonly size: number;
  open(): Promise<AsyncIterable<Uint8Array>>;
  /** Bytes that went out since it was last called. */
  moved?(bytes: number): void;
}

/** What a server answered; its body must be read to the end or destroyed. */
export interface HttpAnswer {
  readonly status: number;
  header(name: string): string | null;
  readonly body: http.IncomingMessage;
}

/** Connections to one server that are kept open between questions. */
export interface HttpLine {
  /** Asks once, and follows no redirect; rejects with what Node says where there is no answer. */
  ask(ask: HttpAsk): Promise<HttpAnswer>;
  close(): void;
}

/** Thrown where nothing went either way for too long. */
export class Silence extends Error {}

/** How long nothing may go either way, in ms: with a body that is to be digested, without one, and once nobody answered or we were called off. */
const longestSilence = { sending: 60_000, asking: 20_000, again: 4_000 } as const;
/** Bodies from this size on are sent only when the server said that it wants them. */
const worthAsking = 1024 * 1024;

/** Opens a line to the server of a URL; what its path says is left to each question. */
export function openHttpLine(base: URL, atOnce: number): HttpLine {
  const secure = base.protocol === 'https:';
  const agent = new (secure ? https : http).Agent({ keepAlive: true, maxSockets: atOnce });
  const to = {
    agent,
    host: base.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(base.port) || (secure ? 443 : 80),
    setHost: false,
  };
  let impatient = false;
  const once = async (ask: HttpAsk): Promise<HttpAnswer> => {
    const large = (ask.body?.size ?? 0) >= worthAsking;
    const request = (secure ? https : http).request({
      ...to,
      method: ask.method,
      path: ask.path,
      headers: {
        host: base.host,
        ...ask.headers,
        ...(ask.body ? { 'content-length': ask.body.size } : {}),
        ...(large ? { expect: '100-continue' } : {}),
      },
      signal: ask.signal,
    });
    const patience = longestSilence[impatient ? 'again' : ask.body ? 'sending' : 'asking'];
    request.setTimeout(patience, () => {
      impatient = true;
      request.destroy(new Silence('nothing came'));
    });
    request.once('response', () => {
      impatient = false;
    });
    request.once('error', () => {
      if (ask.signal.aborted) impatient = true;
    });
    return answerTo(request, ask, large);
  };
  return {
    ask: async (ask) => {
      try {
        return await once(ask);
      } catch (error) {
        if (!(error instanceof Stale) || ask.signal.aborted) throw error;
        return once(ask);
      }
    },
    close: () => agent.destroy(),
  };
}

/** A connection that the server had closed while nobody used it. */
class Stale extends Error {}

function answerTo(request: http.ClientRequest, ask: HttpAsk, large: boolean): Promise<HttpAnswer> {
  request.setNoDelay(true);
  return new Promise((resolve, reject) => {
    let answered = false;
    request.once('response', (body) => {
      answered = true;
      body.on('error', () => {});
      if (!request.writableEnded) body.once('end', () => request.destroy());
      resolve({ status: body.statusCode ?? 0, header: (name) => headerOf(body, name), body });
    });
    request.on('error', (error) => reject(isStale(request, error) ? new Stale('', { cause: error }) : error));
    request.once('close', () => reject(new Error('the connection was closed')));
    send(request, ask.body, large, () => answered).catch((error: Error) => request.destroy(error));
  });
}

function headerOf(body: http.IncomingMessage, name: string): string | null {
  const given = body.headers[name];
  return (Array.isArray(given) ? given[0] : given) ?? null;
}

async function send(
  request: http.ClientRequest,
  body: HttpBody | undefined,
  large: boolean,
  answered: () => boolean,
): Promise<void> {
  if (!body || body.size === 0) {
    request.end();
    return;
  }
  if (large && !(await askedToGoOn(request))) return;
  for await (const piece of await body.open()) {
    if (answered() || request.destroyed) return;
    if (!request.write(piece)) await roomIn(request);
    body.moved?.(piece.length);
  }
  request.end();
}

/** Waits until a request takes more, or wants no more. */
function roomIn(request: http.ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      for (const event of ['drain', 'close', 'response']) request.off(event, go);
      resolve();
    };
    for (const event of ['drain', 'close', 'response']) request.on(event, go);
  });
}

function isStale(request: http.ClientRequest, error: NodeJS.ErrnoException): boolean {
  const hungUp = error.code === 'ECONNRESET' || error.code === 'EPIPE';
  return hungUp && request.reusedSocket && request.method !== 'POST';
}
