import { type Failure, failures } from '../../protocol/failure.ts';
import { LineClosed } from './line.ts';

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
  /** The same with other words. */
  withWords(change: (words: string) => string): Refusal {
    return new Refusal(this.status, this.headers, change(this.body));
  }
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
  return momentOf(Number.isNaN(seconds) ? Date.parse(given) : now + seconds * 1000);
}

/** A moment that a service names, in whole ms since 1970; nothing where it is none. */
export function momentOf(time: number): number | undefined {
  return Number.isNaN(new Date(time).getTime()) ? undefined : Math.max(0, Math.ceil(time));
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
