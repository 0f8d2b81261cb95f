import type { IncomingMessage } from 'node:http';
import { knownCodings, Packed, unpacked } from '../unpacked.ts';
import { type HeaderOf, Unreached, Unreadable } from './refusal.ts';

/** What is asked of a service. */
export interface HttpQuestion {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** In pieces that go out one behind the other, from where they lie: they must not change until the answer. */
  readonly body?: readonly Uint8Array[];
  /** Over a connection of its own, which ends with it. */
  readonly anew?: boolean;
}

/** What a service answers, whatever it says. */
export interface HttpAnswer {
  readonly status: number;
  readonly header: HeaderOf;
  /** The bytes as they come, unpacked; to be read once, and `Unreached` where they break off. Who leaves off early ends the connection. */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Asks once and follows no redirect; nothing is asked any more, and no more comes, from where the signal ends it.
 * Connections are kept for the next question. Throws `Unreached`, or `Unreadable` where the answer is packed in a way
 * that is not known.
 */
export async function askOver(
  address: string,
  question: HttpQuestion,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const answer = await answerTo(address, question, signal).catch((error: unknown) => {
    throw new Unreached(error);
  });
  const { statusCode: status = 0, headers } = answer;
  const header = (name: string) => [headers[name]].flat()[0] ?? null;
  return { status, header, body: piecesOf(opened(answer)) };
}

function opened(answer: IncomingMessage): AsyncIterable<Uint8Array> {
  try {
    return unpacked(answer);
  } catch (error) {
    throw error instanceof Packed
      ? new Unreadable(`an answer packed as ${error.message.slice(0, 100)}`)
      : error;
  }
}

async function* piecesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw new Unreached(error);
  }
}

async function answerTo(
  address: string,
  { method, headers, body, anew }: HttpQuestion,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const { request: open } = await (address.startsWith('https:') ? import('node:https') : import('node:http'));
  const length = body?.reduce((size, piece) => size + piece.length, 0);
  const told = { ...usual, ...headers, ...(length === undefined ? {} : { 'content-length': length }) };
  const request = open(address, { method, headers: told, ...(anew ? { agent: false } : {}) });
  request.once('response', resolve);
  request.on('error', reject);
  const end = () => request.destroy();
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  for (const piece of body ?? []) request.write(piece);
  request.end();
  return promise;
}

/** What every question says; some services answer none that does not say who asks. */
const usual = { accept: '*/*', 'accept-encoding': knownCodings, 'user-agent': 'VirtualButler/1.0' };
