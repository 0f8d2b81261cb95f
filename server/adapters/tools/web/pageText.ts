import type { Answered } from './transfer.ts';

/** The text of a page as it was sent, by the charset that it names. */
export function textOf({ body, type }: Pick<Answered, 'body' | 'type'>): string {
  return decoder(charsetOf(body, type)).decode(body);
}

/** Whether a page is HTML, by its type, or where it names none by how it begins. */
export function isHtml({ body, type }: Pick<Answered, 'body' | 'type'>): boolean {
  if (/^(text\/html|application\/xhtml\+xml)\b/i.test(type.trim())) return true;
  return type.trim() === '' && /^\s*<(!doctype html|html)\b/i.test(body.toString('latin1', 0, 200));
}

/** Whether bytes without a type are no text. */
export function isBinary(body: Uint8Array): boolean {
  return body.subarray(0, 8000).includes(0);
}

function charsetOf(body: Buffer, type: string): string {
  if (body[0] === 0xff && body[1] === 0xfe) return 'utf-16le';
  if (body[0] === 0xfe && body[1] === 0xff) return 'utf-16be';
  const within = body.toString('latin1', 0, 2048);
  const named = /charset\s*=\s*["']?([\w.:-]{1,40})/i.exec(type);
  return (named ?? /<meta[^>]{0,500}charset\s*=\s*["']?([\w.:-]{1,40})/i.exec(within))?.[1] ?? 'utf-8';
}

function decoder(charset: string) {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}
