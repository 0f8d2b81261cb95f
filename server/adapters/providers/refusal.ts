import { type Failure, failures } from '../../protocol/failure.ts';
import { type Line, LineClosed } from './line.ts';

/** Thrown where something that came is not what the service documents. */
export class Unreadable extends Error {}

/** Thrown where a service answers a request with an error. */
export class Refusal extends Error {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  constructor(status: number, headers: Headers, body: string) {
    super(`status ${status}`);
    this.status = status;
    this.headers = headers;
    this.body = body;
  }
}

/** What a `fetch` is to look after. */
export interface Watched {
  readonly line: Line;
  /** The type of an answer that can be read. */
  readonly type: string;
}

/** A `fetch` that ends with the line, and throws where the answer is not one that can be read. */
export function watchedFetch({ line, type }: Watched): typeof fetch {
  return async (url, init) => {
    const response = await fetch(url, { ...init, signal: line.signal });
    if (!response.ok) throw new Refusal(response.status, response.headers, await response.text());
    const given = response.headers.get('content-type') ?? 'no type';
    if (!given.startsWith(type)) throw new Unreadable(`${given} instead of ${type}`);
    line.heard();
    return response;
  };
}

/** Where a fault happened. */
export interface FaultContext {
  readonly title: string;
  readonly model: string;
  /** Whether the answer had begun. */
  readonly answering: boolean;
  /** ms since 1970. */
  readonly now: number;
}

/** What a service means by an error of its own. */
export type RefusalFault = (refusal: Refusal, context: FaultContext) => Failure;

/** Turns whatever was thrown on the way to an answer into a failure of the catalogue. */
export function faultOf(
  error: unknown,
  context: FaultContext,
  service: { refused: RefusalFault; unreachable(reason: string): Failure },
): Failure {
  const { title, answering } = context;
  if (error instanceof LineClosed && error.why === 'cancelled')
    return failures.cancelled('The answer was stopped.');
  if (error instanceof Refusal) return service.refused(error, context);
  if (error instanceof Unreadable) return failures.malformed(title, `${error.message}.`);
  if (error instanceof SyntaxError) return failures.malformed(title, 'an event that is no JSON.');
  if (answering) return failures.cut(title);
  if (error instanceof LineClosed) return failures.offline(`${title} did not answer in time.`);
  if (isConnectionFault(error)) return service.unreachable(reasonOf(error));
  return failures.internal(error instanceof Error ? error.message : 'an unknown error');
}

/** When a limit ends, from `Retry-After` in seconds or as a date. */
export function retryAfter({ headers }: Refusal, now: number): number | undefined {
  const given = headers.get('retry-after')?.trim();
  if (!given) return undefined;
  const seconds = Number(given);
  const until = Number.isNaN(seconds) ? Date.parse(given) : now + seconds * 1000;
  return Number.isNaN(until) ? undefined : Math.max(0, Math.ceil(until));
}

/** A service's own words for the end of a sentence of ours. */
export function said(words: string): string {
  const plain = words.trim().replace(/\.$/, '');
  return plain ? `: ${plain}` : '';
}

/** What `fetch` throws where no connection came about. */
function isConnectionFault(error: unknown): error is TypeError {
  return error instanceof TypeError && error.cause instanceof Error;
}

/** The system's word for a broken connection, from the deepest cause that has one. */
function reasonOf(error: Error): string {
  const cause = error.cause instanceof Error ? error.cause : null;
  const deeper = cause && cause !== error ? reasonOf(cause) : '';
  return (
    deeper || ('code' in error && typeof error.code === 'string' ? error.code : cause ? '' : error.message)
  );
}
