import type { Conversation } from '../wires/wire.ts';

/** What a model reads of a request as one text: marks for its cache left out, a text alone as the only block of a list. */
export function readText({ parts }: Conversation): string {
  return parts.map((part) => JSON.stringify(part, unmarked)).join('\n');
}

/** The part, 0 to 1, of the earlier text that the later one begins with. */
export function sharedPart(earlier: string, later: string): number {
  let same = 0;
  while (same < earlier.length && earlier.charCodeAt(same) === later.charCodeAt(same)) same++;
  return earlier.length === 0 ? 1 : same / earlier.length;
}

function unmarked(key: string, value: unknown): unknown {
  if (key === 'cache_control') return undefined;
  return key === 'content' && typeof value === 'string' ? [{ type: 'text', text: value }] : value;
}
