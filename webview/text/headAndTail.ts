/** The two ends of a long text and what lies between, so that neither end is ever hidden (SECURITY S12). */
export interface Ends {
  readonly head: string;
  /** Lines between the ends; 0 when the whole text is in `head`. */
  readonly between: number;
  readonly tail: string;
}

/** Cuts a text of more than `most` lines to its first two thirds and its last third of that. */
export function headAndTail(text: string, most = 36): Ends {
  const lines = text.split('\n');
  if (lines.length <= most + 4) return { head: text, between: 0, tail: '' };
  const first = Math.ceil((most * 2) / 3);
  const last = most - first;
  return {
    head: lines.slice(0, first).join('\n'),
    between: lines.length - first - last,
    tail: lines.slice(-last).join('\n'),
  };
}
