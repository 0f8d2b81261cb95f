/** The two ends of a long text and what lies between, so that neither end is ever hidden (SECURITY S12). */
export interface Ends {
  readonly head: string;
  /** Lines, or characters where the lines are few and long, between the ends; 0 when the whole text is in `head`. */
  readonly between: number;
  readonly unit: 'lines' | 'characters';
  readonly tail: string;
}

/** Characters of a line that a narrow page still shows in a few rows. */
const wide = 80;

/** Cuts a text of more than `most` lines, or of as many characters, to its first two thirds and its last third of that. */
export function headAndTail(text: string, most = 36): Ends {
  const lines = text.split('\n');
  const first = Math.ceil((most * 2) / 3);
  const last = most - first;
  const cut = lines.length > most + 4;
  const head = cut ? lines.slice(0, first).join('\n') : text;
  const tail = cut ? lines.slice(-last).join('\n') : '';
  if (head.length + tail.length > most * wide) return byCharacters(text, first * wide, last * wide);
  return { head, between: cut ? lines.length - first - last : 0, unit: 'lines', tail };
}

/** Cuts a text to so many characters at both ends; no character is cut in two. */
export function byCharacters(text: string, first: number, last: number): Ends {
  if (text.length <= first + last) return { head: text, between: 0, unit: 'characters', tail: '' };
  const head = text.slice(0, first).replace(/[\ud800-\udbff]$/, '');
  const tail = text.slice(-last).replace(/^[\udc00-\udfff]/, '');
  return { head, between: text.length - head.length - tail.length, unit: 'characters', tail };
}
