import { setTimeout as sleep } from 'node:timers/promises';
import type * as z from 'zod';
import type { TargetContext } from '../../../core/ports/target.ts';
import { failures } from '../../../protocol/failure.ts';
import { textOf } from '../../providers/body.ts';
import { Refused, refusalOf, refuse } from './refused.ts';
import { type Pieces, sendPieces } from './sendPieces.ts';

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
  /** Whether it goes on when the job is stopped, because half of it would be worse. */
  readonly certain?: boolean;
}

/** A service that speaks as GitHub does. */
export interface Api {
  ask<T>(ask: Ask<T>): Promise<T>;
  /** The headers of the newest answer. */
  headers(): Headers;
}

/** How long an answer may take in ms, and what each byte that goes out adds. */
const longest = { answer: 60_000, certain: 15_000, perByte: 0.05 } as const;
const mostBytes = 64_000_000;
const pauses = [300, 1200];

/** Opens the API at an address with a token, which goes nowhere else. */
export function openApi(base: string, token: string, context: TargetContext): Api {
  let newest = new Headers();
  const once = async <T>(ask: Ask<T>): Promise<T> => {
    const url = new URL(ask.path.startsWith('/') ? base + ask.path : ask.path);
    const init = {
      method: ask.method,
      signal: signalFor(ask, context.signal),
      headers: {
        accept: 'application/vnd.github+json',
        'x-github-api-version': '2022-11-28',
        'user-agent': 'virtual-butler',
        authorization: `Bearer ${token}`,
        ...headersOf(ask),
      },
    };
    const body = ask.body === undefined ? {} : { body: JSON.stringify(ask.body) };
    const response = ask.pieces
      ? await sendPieces(url, ask.pieces, init)
      : await fetch(url, { ...init, ...body, redirect: 'manual' });
    newest = response.headers;
    const { text, whole } = await textOf(response, mostBytes);
    if (!response.ok) throw refusalOf(response.status, response.headers, text, context.now());
    if (!whole) refuse(failures.malformed('GitHub', 'more than can be wanted.'));
    const read = ask.reads.safeParse(text === '' ? null : parsed(text));
    return read.success ? read.data : refuse(failures.malformed('GitHub', 'an answer of another shape.'));
  };
  return {
    headers: () => newest,
    ask: async (ask) => {
      if (!ask.certain && context.signal.aborted) refuse(failures.cancelled('Nothing was published.'));
      for (let round = 0; ; round++) {
        try {
          return await once(ask);
        } catch (error) {
          const refused = refusedBy(error, context.signal, ask.certain);
          const pause = pauses[round];
          const again = ask.again ?? ask.method === 'GET';
          if (!again || pause === undefined || !isPassing(refused)) throw refused;
          await sleep(pause);
          if (!ask.certain && context.signal.aborted) throw refused;
        }
      }
    },
  };
}

function signalFor<T>(ask: Ask<T>, signal: AbortSignal): AbortSignal {
  const size = ask.pieces?.size ?? 0;
  const time = ask.certain ? longest.certain : longest.answer + Math.ceil(size * longest.perByte);
  const limit = AbortSignal.timeout(time);
  return ask.certain ? limit : AbortSignal.any([signal, limit]);
}

function headersOf<T>({ body, pieces }: Ask<T>): Record<string, string> {
  if (pieces) return { 'content-type': pieces.mime, 'content-length': String(pieces.size) };
  return body === undefined ? {} : { 'content-type': 'application/json' };
}

/** Lost connections and faults of the service itself pass. */
function isPassing(error: unknown): error is Refused {
  return (
    error instanceof Refused && (error.failure.kind === 'offline' || error.failure.kind === 'overloaded')
  );
}

function refusedBy(error: unknown, signal: AbortSignal, certain = false): unknown {
  if (error instanceof Refused) return error;
  if (signal.aborted && !certain) return new Refused(0, failures.cancelled('Nothing was published.'));
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new Refused(0, failures.offline('GitHub did not answer in time.'));
  }
  return isLost(error) ? new Refused(0, failures.offline('GitHub cannot be reached.')) : error;
}

/** What is thrown where a connection does not come about, or breaks. */
function isLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (
    'code' in error &&
    typeof error.code === 'string' &&
    /^(E[A-Z]+|ERR_STREAM_PREMATURE_CLOSE)$/.test(error.code)
  )
    return true;
  return error instanceof TypeError && (error.cause instanceof Error || error.message === 'terminated');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
