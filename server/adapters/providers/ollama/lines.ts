import { linesOf } from '../body.ts';
import type { ServerEvent } from '../sse.ts';

/** The lines of a response as they come, each one event; a last line that was not ended never came. */
export async function* readLines(response: Response): AsyncGenerator<ServerEvent> {
  for await (const lines of linesOf(response, /\n/)) {
    for (const data of lines) if (data.trim()) yield { name: '', data };
  }
}
