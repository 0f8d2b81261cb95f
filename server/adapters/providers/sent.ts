import { type Failure, failures } from '../../protocol/failure.ts';

/**
 * The failure of an order that costs money and was not confirmed. Only where no connection came about, or the
 * service said no, is it certain that nothing was ordered; anything else is for a person to look into.
 */
export function unlessSent(failure: Failure, error: unknown, title: string): Failure {
  if (!unclear.has(failure.kind) || wasNeverSent(error)) return failure;
  const mend = `Look into the account at ${title} before you ask again, for it may be paid for.`;
  if (failure.kind !== 'offline')
    return { ...failure, what: `${failure.what} Whether ${title} took the order is not known.`, mend };
  const what = `The connection to ${title} broke off before it answered`;
  return failures.tool(`${what}; whether it took the order is not known.`, mend);
}

/** Kinds of failure that say nothing of what the service did before. */
const unclear: ReadonlySet<Failure['kind']> = new Set([
  'offline',
  'cancelled',
  'overloaded',
  'malformed',
  'cut',
  'internal',
]);

const neverConnected: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'EADDRNOTAVAIL',
  'ERR_SOCKET_CONNECTION_TIMEOUT',
]);

/** Whether an error, or what caused it, says that there was no connection at all. */
function wasNeverSent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && neverConnected.has(error.code)) return true;
  if (error instanceof AggregateError) return error.errors.every(wasNeverSent);
  return error.cause !== error && wasNeverSent(error.cause);
}
