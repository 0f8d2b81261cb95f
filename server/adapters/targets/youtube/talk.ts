import type * as z from 'zod';
import { failures } from '../../../protocol/failure.ts';
import { textOf } from '../../providers/body.ts';
import type { AccessTokens, KeptSignIn } from '../../signIn/accessTokens.ts';
import { tlsFault } from '../../tlsFault.ts';
import { failureOf, plain, YouTubeFault } from './faults.ts';

/** One thing to ask of the API. */
export interface Question {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** A path of the API, or an address of the same origin. */
  readonly at: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** The bytes to send, made anew for each try. */
  readonly body?: () => Content;
  /** Statuses beside those of success that are answers too. */
  readonly accepts?: readonly number[];
}

/** Bytes to send; where they come in pieces, the silence ends whenever one is taken. */
export type Content = string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;

/** A talk with the API in the name of one account; whatever goes wrong is thrown as a `YouTubeFault`. */
export interface Talk {
  ask(question: Question): Promise<Response>;
  /** The same with an answer of a known shape. */
  read<T>(shape: z.ZodType<T>, question: Question): Promise<T>;
  /** The same; `null` where YouTube says that there is no such thing. */
  find<T>(shape: z.ZodType<T>, question: Question): Promise<T | null>;
  /** The same talk with another end to it. */
  until(signal: AbortSignal): Talk;
}

/** What a talk wants. */
export interface TalkParts {
  readonly api: string;
  readonly tokens: AccessTokens;
  readonly kept: KeptSignIn;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

/** Milliseconds for which nothing may move. */
const silence = 90_000;

/** Opens a talk; nothing is asked yet. */
export function openTalk(parts: TalkParts): Talk {
  const once = async (question: Question): Promise<Response> => {
    const entry = await parts.tokens.get(parts.kept, parts.signal);
    if (!entry.ok) throw new YouTubeFault(entry.failure);
    const response = await send(parts, question, entry.value);
    if (response.status === 401) parts.tokens.forget(entry.value);
    return response;
  };
  const ask = async (question: Question): Promise<Response> => {
    let response = await once(question);
    if (response.status === 401) {
      await response.body?.cancel();
      response = await once(question);
    }
    if (response.ok || question.accepts?.includes(response.status)) return response;
    const text = (await bodyOf(response, parts.signal, 64_000)).replaceAll(parts.kept.refreshToken, '…');
    const retryAfter = response.headers.get('retry-after');
    const { status } = response;
    throw new YouTubeFault(failureOf({ status, text, retryAfter, now: parts.now() }), status);
  };
  return {
    ask,
    read: async (shape, question) => readAnswer(shape, await ask(question), parts.signal),
    find: async (shape, question) => {
      const response = await ask({ ...question, accepts: [404] });
      if (response.status !== 404) return readAnswer(shape, response, parts.signal);
      await response.body?.cancel();
      return null;
    },
    until: (signal) => openTalk({ ...parts, signal }),
  };
}

/** Reads an answer that has come. */
export async function readAnswer<T>(
  shape: z.ZodType<T>,
  response: Response,
  signal: AbortSignal,
): Promise<T> {
  return shaped(shape, await bodyOf(response, signal, 4_000_000));
}

/** Whether an address lies where the API is. */
export function isOwn(address: string, api: string): boolean {
  return URL.canParse(address) && new URL(address).origin === new URL(api).origin;
}

function shaped<T>(shape: z.ZodType<T>, text: string): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new YouTubeFault(failures.malformed('YouTube', 'an answer that is no JSON.'));
  }
  const parsed = shape.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = plain(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`, 100);
  throw new YouTubeFault(failures.malformed('YouTube', `an answer that does not fit at ${where}.`));
}

async function send({ api, signal }: TalkParts, question: Question, access: string): Promise<Response> {
  const { method = 'GET', at, query = {}, headers = {}, body } = question;
  const url = new URL(at, api);
  if (!isOwn(url.href, api)) throw new YouTubeFault(failures.malformed('YouTube', 'an address elsewhere.'));
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const quiet = new AbortController();
  const timer = setTimeout(() => quiet.abort(), silence);
  const content = body?.();
  try {
    const response = await fetch(url, {
      method,
      headers: { ...headers, authorization: `Bearer ${access}` },
      redirect: 'manual',
      signal: AbortSignal.any([signal, quiet.signal]),
      ...(content === undefined ? {} : { body: content }),
      ...(content instanceof ReadableStream ? { body: heard(content, timer), duplex: 'half' as const } : {}),
    });
    // It goes on while the answer is read; when that is over it comes to nothing.
    timer.refresh().unref();
    return response;
  } catch (error) {
    clearTimeout(timer);
    throw brokenOff(signal, error);
  }
}

async function bodyOf(response: Response, signal: AbortSignal, most: number): Promise<string> {
  try {
    const { text, whole } = await textOf(response, most);
    if (whole || !response.ok) return text;
  } catch (error) {
    throw brokenOff(signal, error);
  }
  throw new YouTubeFault(failures.malformed('YouTube', 'more than can be wanted.'));
}

function brokenOff(signal: AbortSignal, error: unknown): YouTubeFault {
  if (signal.aborted) return new YouTubeFault(failures.cancelled('It was stopped.'));
  const unsafe = tlsFault('YouTube', error);
  if (unsafe) return new YouTubeFault({ ...failures.offline(unsafe.what), mend: unsafe.mend });
  return new YouTubeFault(failures.offline('YouTube could not be reached.'));
}

function heard(content: ReadableStream<Uint8Array>, timer: NodeJS.Timeout): ReadableStream<Uint8Array> {
  const listen = new TransformStream<Uint8Array, Uint8Array>({
    transform: (piece, way) => {
      timer.refresh();
      way.enqueue(piece);
    },
  });
  return content.pipeThrough(listen);
}
