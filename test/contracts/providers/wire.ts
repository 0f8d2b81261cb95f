import type { IncomingMessage, ServerResponse } from 'node:http';
import { listen } from '../../support/loopback.ts';

/** A loopback service that answers as it is told to, byte by byte where need be. */
export interface Wire {
  readonly url: string;
  /** The bodies that were sent to it, as text. */
  readonly bodies: readonly string[];
  /** Resolves when a request's connection was closed from the other side. */
  readonly dropped: Promise<void>;
  close(): Promise<void>;
}

/** What the service does with a request. */
export type Reply = (response: ServerResponse, request: IncomingMessage) => void | Promise<void>;

/** Starts the service on a free port; each request takes the next reply, and the last one for good. */
export async function startWire(...replies: [Reply, ...Reply[]]): Promise<Wire> {
  const bodies: string[] = [];
  const { promise: dropped, resolve: drop } = Promise.withResolvers<void>();
  const { url, close } = await listen(async (request, response) => {
    response.on('close', () => {
      if (!response.writableFinished) drop();
    });
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    bodies.push(Buffer.concat(chunks).toString());
    const reply = replies[Math.min(bodies.length, replies.length) - 1];
    await reply?.(response, request);
  });
  return {
    url,
    bodies,
    dropped,
    close,
  };
}

/** Answers with events and ends as a service should. */
export const stream =
  (...events: readonly (string | object)[]): Reply =>
  (response) => {
    begin(response).end(events.map(sse).join(''));
  };

/** Answers with events, then leaves the connection open without a word. */
export const stall =
  (...events: readonly (string | object)[]): Reply =>
  (response) => {
    begin(response).write(events.map(sse).join(''));
  };

/** Answers with events, then breaks the connection. */
export const cut =
  (...events: readonly (string | object)[]): Reply =>
  (response) => {
    begin(response).write(events.map(sse).join(''), () => response.destroy());
  };

/** Answers with events whose bytes come one by one, so that no character comes whole. */
export const byteByByte =
  (...events: readonly (string | object)[]): Reply =>
  async (response) => {
    begin(response);
    response.socket?.setNoDelay(true);
    for (const byte of Buffer.from(events.map(sse).join(''))) {
      response.write(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  };

/** Answers with as many pieces as are wanted between a beginning and an end. */
export const flood =
  (pieces: number, beginning: readonly object[], piece: object, end: readonly (string | object)[]): Reply =>
  async (response) => {
    begin(response).write(beginning.map(sse).join(''));
    for (let at = 0; at < pieces; at++) {
      if (!response.write(sse(piece))) await new Promise((resolve) => response.once('drain', resolve));
    }
    response.end(end.map(sse).join(''));
  };

/** Answers with a whole document. */
export const whole =
  (body: object): Reply =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };

/** Answers with an error of the service's own shape. */
export const refuse =
  (status: number, type: string, message: string, headers: Record<string, string> = {}): Reply =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ type: 'error', error: { type, message } }));
  };

/** Begins a stream of events. */
export function begin(response: ServerResponse): ServerResponse {
  return response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
}

/** An event's bytes; a string stands for bytes as they are. */
export function sse(event: string | object): string {
  if (typeof event === 'string') return event;
  const name = 'type' in event ? `event: ${event.type}\n` : '';
  return `${name}data: ${JSON.stringify(event)}\n\n`;
}
