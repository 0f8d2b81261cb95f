import { type Failure, failures } from '../../protocol/failure.ts';
import { tlsFault } from '../tlsFault.ts';
import { LineClosed } from './line.ts';

/** The value of a header, whose name is in small letters; `null` where there is none. */
export type HeaderOf = (name: string) => string | null;

/** Thrown where no answer came, or not to its end; the system's fault is its cause. */
export class Unreached extends Error {
  constructor(cause: unknown) {
    super('no answer', { cause });
  }
}

/** Thrown where something that came is not what the service documents. */
export class Unreadable extends Error {}

/** Thrown where a service answers a request with an error. */
export class Refusal extends Error {
  readonly status: number;
  readonly header: HeaderOf;
  readonly body: string;
  constructor(status: number, header: HeaderOf, body: string) {
    super(`status ${status}`);
    this.status = status;
    this.header = header;
    this.body = body;
  }
  /** The same with other words. */
  withWords(change: (words: string) => string): Refusal {
    return new Refusal(this.status, this.header, change(this.body));
  }
}

/** The headers of an error that came within an answer. */
export const noHeader: HeaderOf = () => null;

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
  if (error instanceof Unreached) return unsafe(title, error) ?? service.unreachable(reasonOf(error));
  return failures.internal(error instanceof Error ? error.message : 'an unknown error');
}

/** Where nobody may be trusted to be the service; it passes as a lost network does, whose sign-in page shows itself so. */
function unsafe(title: string, error: Unreached): Failure | null {
  const fault = tlsFault(title, error);
  return fault && { ...failures.offline(fault.what), mend: fault.mend };
}

/** A service's own words for the end of a sentence of ours. */
export function said(words: string): string {
  const sentence = plain(words).replace(/\.$/, '');
  return sentence ? `: ${sentence}` : '';
}

/** Foreign words in one line, without characters that a screen would obey. */
export function plain(words: string): string {
  return words.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}

/** The system's word for a broken connection, from the deepest cause that has one. */
function reasonOf(error: Error): string {
  const cause = error.cause instanceof Error ? error.cause : null;
  const deeper = cause && cause !== error ? reasonOf(cause) : '';
  return (
    deeper || ('code' in error && typeof error.code === 'string' ? error.code : cause ? '' : error.message)
  );
}
