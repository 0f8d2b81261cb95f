import { linesOf } from '../body.ts';
import type { HttpAnswer } from '../httpAnswer.ts';
import type { ServerEvent } from '../sse.ts';

/** The lines of an answer as they come, each one event; a last line that was not ended never came. */
export async function* readLines(answer: Pick<HttpAnswer, 'body'>): AsyncGenerator<ServerEvent> {
  for await (const lines of linesOf(answer, /\n/)) {
    for (const data of lines) if (data.trim()) yield { name: '', data };
  }
}
