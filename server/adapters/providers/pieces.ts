import type { HttpAnswer } from './httpAnswer.ts';
import type { Line } from './line.ts';
import { Unreadable } from './refusal.ts';

/** The most bytes of a file that is made and comes in pieces. */
export const largestFile = 256 * 1024 * 1024;

/** The bytes of an answer as they come; one that is empty, shorter than it was said to be or does not end is `Unreadable`. */
export async function* boundedPieces({ body, header }: HttpAnswer, line: Line): AsyncGenerator<Uint8Array> {
  const said = Number(header('content-length') ?? Number.NaN);
  if (said > largestFile) throw new Unreadable('more than can be wanted');
  let size = 0;
  for await (const chunk of body) {
    line.heard();
    size += chunk.length;
    if (size > largestFile) throw new Unreadable('more than can be wanted');
    yield chunk;
  }
  if (size === 0) throw new Unreadable('an empty answer');
}
