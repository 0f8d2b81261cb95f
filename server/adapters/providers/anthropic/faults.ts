import type { APIError } from '@anthropic-ai/sdk';
import { type Failure, failures } from '../../../protocol/failure.ts';
import { LineClosed } from '../line.ts';
import { Unreadable } from './answer.ts';

/** Where a fault happened. */
export interface FaultContext {
  readonly title: string;
  readonly model: string;
  /** Whether the answer had begun. */
  readonly answering: boolean;
  /** ms since 1970. */
  readonly now: number;
}

/**
 * Turns whatever was thrown on the way to an answer into a failure of the catalogue. The service's errors:
 * https://platform.claude.com/docs/en/api/errors
 */
export function faultOf(error: unknown, context: FaultContext): Failure {
  const { title, answering } = context;
  if (error instanceof LineClosed && error.why === 'cancelled')
    return failures.cancelled('The answer was stopped.');
  if (error instanceof Unreadable) return failures.malformed(title, `${error.message}.`);
  if (error instanceof SyntaxError) return failures.malformed(title, 'an event that is no JSON.');
  if (isServiceError(error) && (answering || error.status !== undefined)) return serviceFault(error, context);
  if (answering) return failures.cut(title);
  if (error instanceof LineClosed) return failures.offline(`${title} did not answer in time.`);
  if (isServiceError(error)) return failures.offline(`${title} cannot be reached (${reasonOf(error)}).`);
  return failures.internal(error instanceof Error ? error.message : 'an unknown error');
}

type Fault = (error: APIError, context: FaultContext) => Failure;

const auth: Fault = (_error, { title }) => failures.auth(title);
const overloaded: Fault = (_error, { title }) => failures.overloaded(title);
const tooLong: Fault = (_error, { title }) => failures.tooLong(title);
const limited: Fault = (error, { title, now }) => failures.limited(title, limitOf(error, now));

const denied: Fault = (error, { title, model }) =>
  failures.denied(
    `${title} does not let this API key use "${model}"${said(error)}.`,
    'Choose another model for this Ability, or set a key with the right to use it.',
  );

const noModel: Fault = (error, { title, model }) =>
  error.type === null
    ? failures.offline(`There is no ${title} service at the address that is set.`)
    : failures.notFound('model', model);

const unacceptable: Fault = (error, context) =>
  /too long|context (window|limit|length)/i.test(error.message)
    ? tooLong(error, context)
    : failures.invalid(
        'provider',
        `${context.title} did not accept the request${said(error)}.`,
        'Choose another model for this Ability, or start a new session.',
      );

const byStatus: Readonly<Record<number, Fault>> = {
  400: unacceptable,
  401: auth,
  402: denied,
  403: denied,
  404: noModel,
  413: tooLong,
  422: unacceptable,
  429: limited,
};

/** For errors that come as an event, after the status was sent. */
const byType: Readonly<Record<string, Fault>> = {
  invalid_request_error: unacceptable,
  authentication_error: auth,
  billing_error: denied,
  permission_error: denied,
  not_found_error: noModel,
  request_too_large: tooLong,
  rate_limit_error: limited,
};

function serviceFault(error: APIError, context: FaultContext): Failure {
  const fault = error.status === undefined ? byType[error.type ?? ''] : byStatus[error.status];
  return (fault ?? overloaded)(error, context);
}

/** When a limit ends, from `Retry-After` in seconds or as a date. */
function limitOf(error: APIError, now: number): number | undefined {
  const given = error.headers?.get('retry-after')?.trim();
  if (!given) return undefined;
  const seconds = Number(given);
  const until = Number.isNaN(seconds) ? Date.parse(given) : now + seconds * 1000;
  return Number.isNaN(until) ? undefined : Math.max(0, Math.ceil(until));
}

function said(error: APIError): string {
  const words = error.apiMessage?.trim().replace(/\.$/, '');
  return words ? `: ${words}` : '';
}

/** The system's word for a broken connection, from the deepest cause that has one. */
function reasonOf(error: Error): string {
  const cause = error.cause instanceof Error ? error.cause : null;
  const deeper = cause && cause !== error ? reasonOf(cause) : '';
  return (
    deeper || ('code' in error && typeof error.code === 'string' ? error.code : cause ? '' : error.message)
  );
}

function isServiceError(error: unknown): error is APIError {
  return error instanceof Error && 'requestID' in error && 'apiMessage' in error;
}
