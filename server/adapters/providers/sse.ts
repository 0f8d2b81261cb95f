/** An event of a stream: its name where it has one, and its data. */
export interface ServerEvent {
  readonly name: string;
  readonly data: string;
}

/**
 * The events of a response as they come (https://html.spec.whatwg.org/multipage/server-sent-events.html). One
 * that was not ended by an empty line never came.
 */
export async function* readEvents({ body }: Response): AsyncGenerator<ServerEvent> {
  if (!body) return;
  const decoder = new TextDecoder();
  let rest = '';
  let name = '';
  let data: string[] = [];
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [field, value] = fieldOf(line);
      if (field === 'event') name = value;
      if (field === 'data') data.push(value);
      if (line !== '') continue;
      if (data.length > 0) yield { name, data: data.join('\n') };
      name = '';
      data = [];
    }
  }
}

/** The name and the value of a line; a comment has no name. */
function fieldOf(line: string): [string, string] {
  const colon = line.indexOf(':');
  if (colon < 0) return [line, ''];
  return [line.slice(0, colon), line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)];
}
