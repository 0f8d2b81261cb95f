import { linesOf, most } from './body.ts';
import type { HttpAnswer } from './httpAnswer.ts';
import { Unreadable } from './refusal.ts';

/** An event of a stream: its name where it has one, and its data. */
export interface ServerEvent {
  readonly name: string;
  readonly data: string;
}

/**
 * The events of an answer as they come (https://html.spec.whatwg.org/multipage/server-sent-events.html). One
 * that was not ended by an empty line never came.
 */
export async function* readEvents(answer: Pick<HttpAnswer, 'body'>): AsyncGenerator<ServerEvent> {
  let name = '';
  let data: string[] = [];
  let size = 0;
  for await (const lines of linesOf(answer, /\r\n|\n|\r(?!$)/)) {
    for (const line of lines) {
      const [field, value] = fieldOf(line);
      if (field === 'event') name = value;
      if (field === 'data') data.push(value);
      size += line.length;
      if (size > most.line) throw new Unreadable('an event that does not end');
      if (line !== '') continue;
      if (data.length > 0) yield { name, data: data.join('\n') };
      name = '';
      data = [];
      size = 0;
    }
  }
}

/** The name and the value of a line; a comment has no name. */
function fieldOf(line: string): [string, string] {
  const colon = line.indexOf(':');
  if (colon < 0) return [line, ''];
  return [line.slice(0, colon), line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)];
}
