/**
 * Whether a word fits a pattern in which `*` stands for any characters. No way back but to the last `*`, so that no
 * pattern takes longer than its length times that of the word.
 */
export function wordFits(pattern: string, word: string): boolean {
  return pattern.includes('*') ? sequenceFits(pattern, word, '*', Object.is) : pattern === word;
}

/** Whether a path or a host fits: `*` within one part, `**` for any number of whole parts. */
export function partsFit(pattern: string, text: string, separator: string): boolean {
  if (!pattern.includes('*')) return pattern === text;
  return sequenceFits(pattern.split(separator), text.split(separator), '**', wordFits);
}

/** Whether a row of words fits a row of patterns; a last `...` stands for any further words. */
export function rowFits(patterns: readonly string[], words: readonly string[]): boolean {
  const isOpen = patterns.at(-1) === '...';
  const firm = isOpen ? patterns.slice(0, -1) : patterns;
  if (isOpen ? words.length < firm.length : words.length !== firm.length) return false;
  return firm.every((pattern, at) => wordFits(pattern, words[at] ?? ''));
}

/** Matches from the left; after a mismatch the last wild pattern takes one item more. */
function sequenceFits(
  patterns: ArrayLike<string>,
  items: ArrayLike<string>,
  any: string,
  fits: (pattern: string, item: string) => boolean,
): boolean {
  let at = 0;
  let wild = -1;
  let resume = 0;
  for (let item = 0; item < items.length; ) {
    const pattern = patterns[at];
    if (pattern === any) {
      wild = at++;
      resume = item;
    } else if (pattern !== undefined && fits(pattern, items[item] ?? '')) {
      at++;
      item++;
    } else if (wild >= 0) {
      at = wild + 1;
      item = ++resume;
    } else return false;
  }
  while (patterns[at] === any) at++;
  return at === patterns.length;
}
