import { type Failure, failures } from '../../protocol/failure.ts';

/**
 * The failure of an order that costs money and could not be delivered. Only where no connection came about is it
 * certain that nothing was ordered, and that it may be sent again; anything else is for a person to look into.
 */
export function unlessSent(failure: Failure, error: unknown, title: string): Failure {
  if (failure.kind !== 'offline' || wasNeverSent(error)) return failure;
  return failures.tool(
    `The connection to ${title} broke off before it answered; whether it took the order is not known.`,
    `Look into the account at ${title} before you ask again, for it may be paid for.`,
  );
}

const neverConnected: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Whether an error, or what caused it, says that there was no connection at all. */
function wasNeverSent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && neverConnected.has(error.code)) return true;
  if (error instanceof AggregateError) return error.errors.every(wasNeverSent);
  return error.cause !== error && wasNeverSent(error.cause);
}
