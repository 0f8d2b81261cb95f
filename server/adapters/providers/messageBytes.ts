import type { ProviderMessage } from '../../core/ports/provider.ts';

/** Elements of a JSON array, without its brackets, as they are sent. */
export interface Elements {
  readonly bytes: Uint8Array;
  /** How long they are as text. */
  readonly characters: number;
}

/** A conversation as JSON, of which each message was put into words, and into bytes, once. */
export interface MessageBytes {
  of(messages: readonly ProviderMessage[]): Elements;
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
      if (!first) return { bytes: new Uint8Array(), characters: 0 };
      const before = known.get(first) ?? nothingTold();
      const goesOn = before.messages.every((message, index) => message === messages[index]);
      const told = goesOn ? before : nothingTold();
      const added = messages
        .slice(told.messages.length)
        .flatMap(wired)
        .map((one) => JSON.stringify(one))
        .join(',');
      const now = { messages, ...appended(told, told.size > 0 && added ? `,${added}` : added) };
      known.set(first, now);
      return { bytes: now.room.subarray(0, now.size), characters: now.characters };
    },
  };
}

/** What the last request of a conversation told, known by its first message. */
interface Told {
  readonly messages: readonly ProviderMessage[];
  /** The bytes, and room for more behind them: what is there already is never written again. */
  readonly room: Buffer;
  readonly size: number;
  readonly characters: number;
}

const smallestRoom = 16_384;

function nothingTold(): Told {
  return { messages: [], room: Buffer.alloc(0), size: 0, characters: 0 };
}

function appended({ room, size, characters }: Told, text: string): Omit<Told, 'messages'> {
  const wanted = size + Buffer.byteLength(text);
  const roomy = wanted <= room.length ? room : Buffer.allocUnsafeSlow(Math.max(smallestRoom, wanted * 2));
  if (roomy !== room) room.copy(roomy, 0, 0, size);
  roomy.write(text, size);
  return { room: roomy, size: wanted, characters: characters + text.length };
}

/**
 * A body with a list as its last field, whose elements are JSON already. It is left in pieces, one behind the other: a
 * long conversation is sent from where it lies, and each request costs what its new messages weigh.
 */
export function bodyWith(
  fields: object,
  list: string,
  ...elements: readonly (string | Elements)[]
): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [Buffer.from(`${JSON.stringify(fields).slice(0, -1)},"${list}":[`)];
  for (const one of elements) {
    const bytes = typeof one === 'string' ? Buffer.from(one) : one.bytes;
    if (bytes.length === 0) continue;
    if (pieces.length > 1) pieces.push(comma);
    pieces.push(bytes);
  }
  return [...pieces, end];
}

const comma = Buffer.from(',');
const end = Buffer.from(']}');
