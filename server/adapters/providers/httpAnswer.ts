import type { Agent, AgentOptions, ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { knownCodings, unpacked, whyPacked } from '../unpacked.ts';
import { type HeaderOf, plain, Unreached, Unreadable } from './refusal.ts';

/** What is asked of a service. */
export interface HttpQuestion {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** In pieces that go out one behind the other, from where they lie: they must not change until the answer. */
  readonly body?: readonly Uint8Array[];
  /** Over a connection of its own, which ends with it. */
  readonly anew?: boolean;
  /** How long a connection may take to come about, in ms. */
  readonly connectWithin?: number;
}

/** What a service answers, whatever it says. */
export interface HttpAnswer {
  readonly status: number;
  readonly header: HeaderOf;
  /**
   * The bytes as they come, unpacked; to be read once. `Unreached` where they break off, `Unreadable` where they are
   * packed in a way that is not known. Who leaves off early ends the connection.
   */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Asks and follows no redirect; nothing is asked any more, and no more comes, from where the signal ends it. Connections
 * are kept for the next question, and where one turns out to have ended meanwhile, it is asked once more over a new one.
 * Throws `Unreached`.
 */
export async function askOver(
  address: string,
  question: HttpQuestion,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const answer = await answerTo(address, question, signal)
    .catch((error: unknown) => {
      if (error instanceof Stale) return answerTo(address, { ...question, anew: true }, signal);
      throw error;
    })
    .catch((error: unknown) => {
      throw new Unreached(error);
    });
  const { statusCode: status = 0, headers } = answer;
  const header = (name: string) => [headers[name]].flat()[0] ?? null;
  return { status, header, body: piecesOf(answer) };
}

async function* piecesOf(answer: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    yield* unpacked(answer);
  } catch (error) {
    const packed = whyPacked(error);
    throw packed === null ? new Unreached(error) : new Unreadable(`an answer packed ${plain(packed)}`);
  }
}

async function answerTo(
  address: string,
  { method, headers, body, anew, connectWithin = longestConnecting }: HttpQuestion,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const isSecure = new URL(address).protocol === 'https:';
  const web = await (isSecure ? import('node:https') : import('node:http'));
  const length = body?.reduce((size, piece) => size + piece.length, 0);
  const told = { ...usual, ...headers, ...(length === undefined ? {} : { 'content-length': length }) };
  const { options } = web.globalAgent as Agent & { readonly options: AgentOptions };
  const own = anew ? { agent: new web.Agent({ ...options, keepAlive: false }) } : {};
  const request = web.request(address, { method, headers: told, ...own });
  const answer = answerOf(request, signal);
  giveUp(request, { after: connectWithin, unless: isSecure ? 'secureConnect' : 'connect' });
  refuseUnasked(request);
  const end = () => request.destroy();
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  send(request, body ?? []);
  return answer;
}

/** One piece at a time: an encrypted connection puts those that wait together into a copy. */
function send(request: ClientRequest, [piece, ...rest]: readonly Uint8Array[]): void {
  if (piece === undefined) request.end();
  else request.write(piece, (error) => error ?? send(request, rest));
}

/** What every question says; some services answer none that does not say who asks. */
const usual = { accept: '*/*', 'accept-encoding': knownCodings, 'user-agent': 'VirtualButler/1.0' };

function answerOf(request: ClientRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const begun = performance.now();
  const isStale = ({ code }: NodeJS.ErrnoException) =>
    request.reusedSocket &&
    !signal.aborted &&
    (code === 'ECONNRESET' || code === 'EPIPE') &&
    performance.now() - begun < longestStale;
  request
    .once('response', resolve)
    .once('close', () => reject(new Error('another protocol')))
    .on('error', (error) => reject(isStale(error) ? new Stale() : error));
  return promise;
}

/** Thrown where a kept connection had ended before the question went over it. */
class Stale extends Error {}

/** Such an end shows at once; one that comes later, in ms, may be that of work which was done and is paid for. */
const longestStale = 1_000;

/** Without it, a host that says nothing at all is waited for as long as the system likes. */
function giveUp(request: ClientRequest, { after, unless }: { after: number; unless: string }): void {
  const late = setTimeout(() => request.destroy(new Late()), after);
  const inTime = () => clearTimeout(late);
  request.once('close', inTime).once('socket', (socket) => {
    if (socket.connecting) socket.once(unless, inTime);
    else inTime();
  });
}

const longestConnecting = 10_000;

/** Where no connection came about in time. */
class Late extends Error {
  readonly code = 'ERR_SOCKET_CONNECTION_TIMEOUT';
}

/** Ends a kept connection over which something comes that was not asked for: the next answer would begin with it. */
function refuseUnasked(request: ClientRequest): void {
  request
    .once('socket', (socket) => socket.off('data', endThis))
    .once('close', () => request.socket?.on('data', endThis));
}

function endThis(this: Socket): void {
  this.destroy();
}
