import { setTimeout as sleep } from 'node:timers/promises';
import type * as z from 'zod';
import type { TargetContext } from '../../../core/ports/target.ts';
import { failures } from '../../../protocol/failure.ts';
import { textOf, wayFault } from '../http/httpFault.ts';
import { type HttpBody, type HttpLine, openHttpLine } from '../http/httpLine.ts';
import { soonAfter } from '../soonAfter.ts';
import { isPassing, Refused, refusalOf, refuse } from './refused.ts';

/** Bytes on their way out; they are read anew for each try. */
export interface Pieces extends HttpBody {
  readonly mime: string;
}

/** One request; `path` begins with `/`, or is an address of the same owner. */
export interface Ask<T> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly reads: z.ZodType<T>;
  readonly body?: unknown;
  /** A body that is sent piece by piece in place of JSON. */
  readonly pieces?: Pieces;
  /** Whether asking twice is the same as asking once; reading always is. */
  readonly again?: boolean;
  /** Whether it goes on for a moment when the job is stopped, because half of it would be worse. */
  readonly certain?: boolean;
}

/** A service that speaks as GitHub does. */
export interface Api extends Disposable {
  ask<T>(ask: Ask<T>): Promise<T>;
  /** A header of the newest answer. */
  header(name: string): string | null;
  /** The same, but all of it ends at a signal in place of that of the job. */
  until(signal: AbortSignal): Api;
}

/** How long an answer may take in ms, what each byte that goes out adds, and how long all may go on after a stop. */
const longest = { answer: 30_000, perByte: 0.05, afterStop: 8_000 } as const;
const mostBytes = 64_000_000;
const pauses = [150, 400];
/** How long a limit may hold to be waited for in ms, and how often one request waits. */
const limits = { longest: 120_000, times: 3 } as const;
/** Requests that are under way at a time at most. */
const atOnce = 4;

/** Opens the API at an address with a token, which goes nowhere else. */
export function openApi(
  base: string,
  token: string,
  { signal, now }: Pick<TargetContext, 'signal' | 'now'>,
): Api {
  const lines = new Map<string, HttpLine>();
  const late = soonAfter(signal, longest.afterStop);
  let header: Api['header'] = () => null;
  let closed = false;
  // Before anything went out a limit is told; after that it is waited for, or all would have to go out once more.
  let wrote = false;
  const once = async <T>(ask: Ask<T>, body: HttpBody | null, stop: AbortSignal): Promise<T> => {
    const url = new URL(ask.path.startsWith('/') ? base + ask.path : ask.path);
    if (closed) throw new Error('The API was closed before it was asked.');
    const line = lines.get(url.origin) ?? openHttpLine(url, atOnce);
    lines.set(url.origin, line);
    const limit = AbortSignal.timeout(longest.answer + Math.ceil((body?.size ?? 0) * longest.perByte));
    const ends = AbortSignal.any([stop, limit]);
    try {
      const answer = await line.ask({
        method: ask.method,
        path: url.pathname + url.search,
        headers: headersFor(ask, token),
        signal: ends,
        ...(body ? { body } : {}),
      });
      header = answer.header;
      const text = await textOf(answer, mostBytes);
      const { status } = answer;
      if (status < 200 || status > 299) throw refusalOf({ status, header, body: text, now: now() });
      if (Buffer.byteLength(text) >= mostBytes)
        refuse(failures.malformed('GitHub', 'more than can be wanted.'));
      wrote ||= ask.method !== 'GET';
      const read = ask.reads.safeParse(text === '' ? null : parsed(text));
      return read.success ? read.data : refuse(failures.malformed('GitHub', 'an answer of another shape.'));
    } catch (error) {
      if (error instanceof Refused) throw error;
      throw new Refused(0, wayFault('GitHub', error, ends).failure);
    }
  };
  const speaker = (stop: AbortSignal, certainly: AbortSignal): Api => ({
    header: (name) => header(name),
    until: (bound) => {
      const either = AbortSignal.any([bound, late.signal]);
      return speaker(either, either);
    },
    ask: async (ask) => {
      const body = bodyOf(ask);
      const ends = ask.certain ? certainly : stop;
      for (let round = 0; ; round++) {
        try {
          if (ends.aborted) refuse(failures.cancelled('Nothing was published.'));
          return await once(ask, body, ends);
        } catch (error) {
          const again = isPassing(error) && (ask.again ?? ask.method === 'GET');
          const pause = again
            ? pauses[round]
            : wrote && round < limits.times
              ? limitIn(error, now())
              : undefined;
          if (pause === undefined || ends.aborted) throw error;
          await sleep(pause, undefined, { signal: ends }).catch(() => {});
        }
      }
    },
    [Symbol.dispose]: () => {
      closed = true;
      late[Symbol.dispose]();
      for (const line of lines.values()) line.close();
    },
  });
  return speaker(signal, late.signal);
}

/** How long a limit still holds, in ms; nothing where it is none, or not one to wait for. */
function limitIn(error: unknown, now: number): number | undefined {
  if (!(error instanceof Refused) || error.failure.kind !== 'limited') return undefined;
  const pause = Math.max(0, (error.failure.until ?? Number.POSITIVE_INFINITY) - now);
  return pause <= limits.longest ? pause : undefined;
}

function bodyOf<T>({ body, pieces }: Ask<T>): HttpBody | null {
  if (pieces || body === undefined) return pieces ?? null;
  const bytes = Buffer.from(JSON.stringify(body));
  return { size: bytes.length, open: async () => ReadableStream.from([bytes]) };
}

function headersFor<T>({ body, pieces }: Ask<T>, token: string): Record<string, string> {
  const type = pieces?.mime ?? (body === undefined ? null : 'application/json');
  return {
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
    'user-agent': 'virtual-butler',
    authorization: `Bearer ${token}`,
    ...(type ? { 'content-type': type } : {}),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
