import type { ProviderMessage } from '../../core/ports/provider.ts';

/** A conversation as JSON, of which each message was put into words once. */
export interface MessageBytes {
  /** The messages as the elements of a JSON array, without its brackets. */
  of(messages: readonly ProviderMessage[]): string;
}

/**
 * Keeps the JSON of each message from request to request, so that a round costs what its new messages cost and
 * not what the whole conversation does. `wired` gives the messages that a service reads in place of one.
 */
export function messageBytes(wired: (message: ProviderMessage) => readonly object[]): MessageBytes {
  const known = new WeakMap<ProviderMessage, string>();
  const bytesOf = (message: ProviderMessage): string => {
    const before = known.get(message);
    if (before !== undefined) return before;
    const bytes = wired(message)
      .map((one) => JSON.stringify(one))
      .join(',');
    known.set(message, bytes);
    return bytes;
  };
  return { of: (messages) => messages.map(bytesOf).filter(Boolean).join(',') };
}

/** A body with a list as its last field, whose elements are JSON already. */
export function bodyWith(fields: object, list: string, elements: string): string {
  return `${JSON.stringify(fields).slice(0, -1)},"${list}":[${elements}]}`;
}
