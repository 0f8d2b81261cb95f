import { most, textOf } from './body.ts';
import type { Line } from './line.ts';
import { Refusal, Unreadable } from './refusal.ts';

/** What a `fetch` is to look after. */
export interface Watched {
  readonly line: Line;
  /** The type of an answer that can be read. */
  readonly type: string | readonly string[];
  /** Told once the service says yes, before what it sends is read. */
  readonly taken?: (() => void) | undefined;
}

/** A `fetch` that ends with the line, and throws where the answer is not one that can be read. */
export function watchedFetch({ line, type, taken }: Watched): typeof fetch {
  return async (url, init) => {
    const response = await fetch(url, { ...init, signal: line.signal });
    if (!response.ok) {
      const { text } = await textOf(response, most.error);
      throw new Refusal(response.status, response.headers, text);
    }
    taken?.();
    const given = response.headers.get('content-type') ?? 'no type';
    const wanted = [type].flat();
    if (!wanted.some((one) => given.startsWith(one))) {
      throw new Unreadable(`${given.slice(0, 100)} instead of ${wanted.join(' or ')}`);
    }
    line.heard();
    return response;
  };
}
