import { Unreadable } from './refusal.ts';

/** What comes in pieces; nothing where it is `null`. */
type Body = { readonly body: AsyncIterable<Uint8Array> | null };

/** How much of what a service sends is taken in; no honest one comes near any of these. */
export const most = {
  /** Bytes of an answer that comes in pieces. */
  streamed: 64_000_000,
  /** Characters of one line, or of one event. */
  line: 8_000_000,
  /** Bytes of what comes whole. */
  whole: 16_000_000,
  /** Bytes of what comes whole, with something that was made within. */
  made: 48_000_000,
  /** Bytes of an error; what goes on is left. */
  error: 64_000,
  /** Characters of an answer as it is kept, its tool calls, and each count of its tokens. */
  answer: 8_000_000,
  calls: 500,
  tokens: 1_000_000_000,
  /** Models of a list that a person is to choose from. */
  models: 5_000,
} as const;

/**
 * The lines of an answer as they come, some at a time; a last line that was not ended never came. However it is
 * sent, it costs time in proportion to its bytes, and an endless one is `Unreadable`.
 */
export async function* linesOf({ body }: Body, ends: RegExp): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  let bytes = 0;
  let rest = '';
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > most.streamed) throw new Unreadable('an answer that does not end');
    const text = decoder.decode(chunk, { stream: true });
    const lines = /[\r\n]/.test(text) ? (rest + text).split(ends) : [rest + text];
    rest = lines.pop() ?? '';
    if (rest.length > most.line) throw new Unreadable('a line that does not end');
    if (lines.length > 0) yield lines;
  }
}

/** What comes whole, as JSON. */
export async function jsonOf(answer: Body, limit: number = most.whole): Promise<unknown> {
  const { text, whole } = await textOf(answer, limit);
  if (!whole) throw new Unreadable('more than can be wanted');
  return JSON.parse(text);
}

/** The beginning of an answer as text, and whether that is all of it; the rest is not waited for. */
export async function textOf({ body }: Body, limit: number): Promise<{ text: string; whole: boolean }> {
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  for await (const chunk of body ?? []) {
    const left = limit - bytes;
    bytes += chunk.length;
    text += decoder.decode(chunk.subarray(0, left), { stream: true });
    if (bytes > limit) return { text, whole: false };
  }
  return { text: text + decoder.decode(), whole: true };
}
