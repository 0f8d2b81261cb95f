import { bad, type Failure, failures, type Outcome } from '../../../protocol/failure.ts';
import { TargetFault } from '../targetFault.ts';

/** Thrown where a service cannot be reached, or refuses: no status is 0. */
export class Refused extends Error {
  readonly status: number;
  readonly failure: Failure;
  constructor(status: number, failure: Failure) {
    super(failure.what);
    this.status = status;
    this.failure = failure;
  }
}

/** Does something that may be refused; what was refused, or stopped by the signal, is the outcome. */
export async function settled<T>(signal: AbortSignal, work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await work();
  } catch (error) {
    const known = error instanceof Refused || error instanceof TargetFault;
    if (known && !(signal.aborted && error.failure.kind === 'offline')) return bad(error.failure);
    if (!signal.aborted) throw error;
    return bad(known ? notKnown : failures.cancelled('Nothing was published.'));
  }
}

const notKnown = {
  ...failures.cancelled('It was stopped, and GitHub did not say in time what became of it.'),
  mend: 'Look at GitHub what stands there.',
};

/** Whether the same may go well later: what was asked may have been done all the same. */
export function isPassing(error: unknown): boolean {
  return error instanceof Refused && error.failure.kind === 'offline';
}

/** Whether what was asked may have been done: no answer came, or none that can be read. */
export function isUnclear(error: unknown): boolean {
  return isPassing(error) || (error instanceof Refused && error.failure.kind === 'malformed');
}

/** Refuses in our own words. */
export function refuse(failure: Failure): never {
  throw new Refused(0, failure);
}

/** The value of a request, or `null` where what it names is not there. */
export async function orNull<T>(asked: Promise<T>, ...absent: number[]): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    const isAbsent = error instanceof Refused && [404, ...absent].includes(error.status);
    if (isAbsent && error.failure.kind !== 'limited') return null;
    throw error;
  }
}

/** What an answer of the service says, as a failure: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api */
export function refusalOf({ body, ...answer }: Omit<Answer, 'words'> & { readonly body: string }): Refused {
  return new Refused(answer.status, failureFor({ ...answer, words: wordsOf(body) }));
}

interface Answer {
  readonly status: number;
  readonly header: (name: string) => string | null;
  readonly words: string;
  readonly now: number;
}

function failureFor(answer: Answer): Failure {
  const { status, words } = answer;
  if (status === 401) return failures.wrongAccount('GitHub');
  if (isLimit(answer)) return failures.limited('GitHub', limitEnds(answer));
  if (status === 403) {
    const mend = 'Give the token that right, or connect the account with another one.';
    return failures.denied(`GitHub does not let this token do that${words}.`, mend);
  }
  if (status === 404) {
    const mend = 'Correct the name in the target, or give the token the right to see it.';
    return {
      ...failures.notFound('thing', ''),
      what: 'GitHub does not know that, or does not let this token see or change it.',
      mend,
    };
  }
  if (status >= 300 && status < 400) {
    const mend = 'Put its new name into the target.';
    return failures.conflict('The repository has another name now.', mend);
  }
  if (status === 409 || status === 422) {
    return failures.conflict(
      `GitHub refused that as it stands${words}.`,
      'Look at it there, then try again.',
    );
  }
  if (status >= 500) {
    return { ...failures.offline('GitHub is overloaded or has a fault.'), mend: 'Try again in a moment.' };
  }
  return failures.tool(
    `GitHub refused that with status ${status}${words}.`,
    'Check the target, then try again.',
  );
}

function isLimit({ status, header, words }: Answer): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  return (
    header('retry-after') !== null || header('x-ratelimit-remaining') === '0' || /rate limit/i.test(words)
  );
}

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
function limitEnds({ header, words, now }: Answer): number | undefined {
  const wait = Number(header('retry-after') ?? Number.NaN);
  if (Number.isFinite(wait) && wait >= 0 && wait < 1e7) return Math.ceil(now + wait * 1000);
  const isUsedUp = header('x-ratelimit-remaining') === '0' && !/secondary/i.test(words);
  if (!isUsedUp) return Math.ceil(now + aMinute);
  const reset = Number(header('x-ratelimit-reset') ?? Number.NaN);
  return Number.isFinite(reset) && reset > 0 && reset < 1e11 ? Math.ceil(reset * 1000) : undefined;
}

/** The service's own words for the end of a sentence, as far as they may be shown. */
function wordsOf(body: string): string {
  const said = messageIn(body);
  const plain = said
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
    .slice(0, 300)
    .replace(/\.$/, '');
  return plain === '' ? '' : `: ${plain}`;
}

/** What a limit on too much at once wants where it names no time, in ms. */
const aMinute = 60_000;

function messageIn(body: string): string {
  try {
    const given: unknown = JSON.parse(body);
    const { message, errors } = given as { message?: unknown; errors?: unknown };
    const more = Array.isArray(errors) ? errors.map((one) => one?.message ?? one?.code) : [];
    return [message, ...more].filter((one) => typeof one === 'string').join(', ');
  } catch {
    return '';
  }
}
