import type { ProviderMessage } from '../../core/ports/provider.ts';

/** A conversation as JSON, of which each message was put into words once. */
export interface MessageBytes {
  /** The messages as the elements of a JSON array, without its brackets. */
  of(messages: readonly ProviderMessage[]): string;
}

/**
 * Keeps the JSON of each conversation from request to request, so that a round costs what its new messages cost
 * and not what the whole conversation does. `wired` gives the messages that a service reads in place of one.
 */
export function messageBytes(wired: (message: ProviderMessage) => readonly object[]): MessageBytes {
  const known = new WeakMap<ProviderMessage, Told>();
  return {
    of: (messages) => {
      const [first] = messages;
      if (!first) return '';
      const before = known.get(first) ?? nothingTold;
      const goesOn = before.messages.every((message, index) => message === messages[index]);
      const told = goesOn ? before : nothingTold;
      const added = messages
        .slice(told.messages.length)
        .flatMap(wired)
        .map((one) => JSON.stringify(one))
        .join(',');
      const bytes = told.bytes && added ? `${told.bytes},${added}` : told.bytes + added;
      known.set(first, { messages, bytes });
      return bytes;
    },
  };
}

/** What the last request of a conversation told, known by its first message. */
interface Told {
  readonly messages: readonly ProviderMessage[];
  readonly bytes: string;
}

const nothingTold: Told = { messages: [], bytes: '' };

/** A body with a list as its last field, whose elements are JSON already. */
export function bodyWith(fields: object, list: string, elements: string): string {
  return `${JSON.stringify(fields).slice(0, -1)},"${list}":[${elements}]}`;
}
