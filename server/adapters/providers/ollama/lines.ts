import type { ServerEvent } from '../sse.ts';

/** The lines of a response as they come, each one event; a last line that was not ended never came. */
export async function* readLines({ body }: Response): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body ?? []) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const data of lines) if (data.trim()) yield { name: '', data };
  }
}
