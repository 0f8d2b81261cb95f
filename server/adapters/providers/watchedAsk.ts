import { most, textOf } from './body.ts';
import { askOver, type HttpAnswer, type HttpQuestion } from './httpAnswer.ts';
import type { Line } from './line.ts';
import { plain, Refusal, Unreadable } from './refusal.ts';

/** What is to be looked after while something is asked. */
export interface Watched {
  readonly line: Line;
  /** The type of an answer that can be read. */
  readonly type: string | readonly string[];
  /** Told once the service says yes, before what it sends is read. */
  readonly taken?: (() => void) | undefined;
}

/**
 * Asks with an end where the line ends, and throws where the answer is not one that can be read. A service that says no has
 * said it, also where its words break off.
 */
export function watchedAsk({ line, type, taken }: Watched) {
  return async (address: string, question: HttpQuestion): Promise<HttpAnswer> => {
    const answer = await askOver(address, question, line.signal);
    const { status, header } = answer;
    if (status < 200 || status > 299) {
      const { text } = await textOf(answer, most.error).catch(() => ({ text: '' }));
      throw new Refusal(status, header, text);
    }
    taken?.();
    const given = header('content-type') ?? 'no type';
    const wanted = [type].flat();
    if (!wanted.some((one) => given.startsWith(one))) {
      throw new Unreadable(`${plain(given.slice(0, 100))} instead of ${wanted.join(' or ')}`);
    }
    line.heard();
    return answer;
  };
}
