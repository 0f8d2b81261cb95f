import type { LookupAddress } from 'node:dns';
import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { bad, type Failure, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { tlsFault } from '../../tlsFault.ts';
import { knownCodings, Packed, unpacked } from '../../unpacked.ts';
import type { PageAddress } from './pageAddress.ts';

/** What decides which addresses may be reached, and how a name becomes one. */
export interface Reach {
  /** Whether an address may be connected to. */
  allows(address: string): boolean;
  /** Every address of a name. */
  resolve(name: string): Promise<readonly LookupAddress[]>;
}

/** What came back from one address. */
export interface Answered {
  readonly status: number;
  readonly type: string;
  /** Where it points to instead, of a redirect. */
  readonly location: string | null;
  readonly body: Buffer;
  /** Whether there was more than is taken. */
  readonly cut: boolean;
}

/** The most bytes of a page that are taken, unpacked. */
export const largestPage = 5 * 1024 * 1024;

/**
 * Asks one address, without cookies or anything of the person. The name is resolved once, every address that it
 * has is judged, and the connection goes to those that were judged: a name that changes meanwhile changes nothing.
 */
export async function ask(page: PageAddress, reach: Reach, signal: AbortSignal): Promise<Outcome<Answered>> {
  try {
    const found = page.literal ? [page.literal] : await untilAborted(namesOf(page, reach), signal);
    if (found.length === 0 || !found.every((one) => reach.allows(one))) return bad(notPublic(page));
    const response = await requested(page, found, reach, signal);
    const { statusCode: status = 0, headers } = response;
    const type = headers['content-type'] ?? '';
    const location = status >= 300 && status < 400 ? (headers.location ?? null) : null;
    if (location !== null || !isReadable(type)) response.destroy();
    const taken = response.destroyed ? { body: Buffer.alloc(0), cut: false } : await taking(response, signal);
    return good({ status, type, location, ...taken });
  } catch (error) {
    return bad(failureOf(error, page, signal));
  }
}

/** Whether a type of content is text that can be read. */
export function isReadable(type: string): boolean {
  const plain = type.split(';')[0]?.trim().toLowerCase() ?? '';
  if (plain === '') return true;
  return /^text\/|^application\/(json|xml|xhtml\+xml|javascript|x-ndjson|yaml|x-yaml|toml|[\w.-]+\+(json|xml|yaml))$/.test(
    plain,
  );
}

async function namesOf({ url }: PageAddress, reach: Reach): Promise<string[]> {
  return (await reach.resolve(url.hostname)).map(({ address }) => address);
}

function requested(
  { url }: PageAddress,
  addresses: readonly string[],
  reach: Reach,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const known = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const lookup: LookupFunction = (_name, options, answer) => {
    const [first] = known;
    if (options.all || !first) answer(null, known);
    else answer(null, first.address, first.family);
  };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const options = { agent: false, lookup, signal, headers, maxHeaderSize: 32 * 1024 } as const;
  const request: ClientRequest = (url.protocol === 'https:' ? https : http).get(url, options, resolve);
  request.on('error', reject);
  request.on('socket', (socket) =>
    socket.once('connect', () => {
      if (!reach.allows(socket.remoteAddress ?? '')) socket.destroy(new Forbidden());
    }),
  );
  return promise;
}

const headers = {
  accept: 'text/markdown, text/html;q=0.9, text/plain;q=0.8, application/json;q=0.8, */*;q=0.1',
  'accept-encoding': knownCodings,
  'user-agent': 'VirtualButler/1.0',
};

class Forbidden extends Error {}

async function taking(
  response: IncomingMessage,
  signal: AbortSignal,
): Promise<Pick<Answered, 'body' | 'cut'>> {
  const stream = unpacked(response);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      chunks.push(chunk.subarray(0, largestPage - size));
      size += chunk.length;
      if (size > largestPage) return { body: Buffer.concat(chunks), cut: true };
      signal.throwIfAborted();
    }
    return { body: Buffer.concat(chunks), cut: false };
  } finally {
    stream.destroy();
    response.destroy();
  }
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
    work.catch(() => undefined);
  }
}

function notPublic({ host }: PageAddress): Failure {
  return failures.denied(
    `${host} is not on the public internet.`,
    'Give a public address; what is in a private network cannot be fetched.',
  );
}

function failureOf(error: unknown, page: PageAddress, signal: AbortSignal): Failure {
  const { host } = page;
  if (error instanceof Forbidden) return notPublic(page);
  if (error instanceof Packed) {
    const what = `${host} packs its page in a way that is not known.`;
    return failures.tool(what, 'Try another address.');
  }
  if (signal.aborted) return failures.tool(`${host} took too long.`, 'Try again later, or another address.');
  const unsafe = tlsFault(host, error);
  if (unsafe) return failures.denied(unsafe.what, 'Do not trust what it says; try another address.');
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const what = code === 'ENOTFOUND' ? `There is no host ${host}.` : `${host} could not be reached (${code}).`;
  return failures.tool(what, 'Check the address and the network connection, then try again.');
}
