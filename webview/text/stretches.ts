import { reveal, type Stretch } from '../../server/protocol/reveal.ts';

/** Of more stretches than these a text is drawn as one, all of it marked. */
export const mostStretches = 1_000;

/** The stretches to draw of a text: neighbours of one kind together, and never more than a page draws at once. */
export function drawn(text: string): Stretch[] {
  const joined: { text: string; escaped: boolean }[] = [];
  for (const stretch of reveal(text)) {
    const last = joined.at(-1);
    if (last?.escaped === stretch.escaped) last.text += stretch.text;
    else joined.push({ ...stretch });
  }
  if (joined.length <= mostStretches) return joined;
  return [{ text: joined.map((stretch) => stretch.text).join(''), escaped: true }];
}
