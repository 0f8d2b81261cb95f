/** A stretch of text as it is, or a stretch that an eye could not see and that is spelled out. */
export interface Stretch {
  readonly text: string;
  readonly escaped: boolean;
}

/** A run of more blanks than this inside a line is counted instead of drawn. */
const longestRun = 24;

/**
 * Cuts text into stretches so that nothing in it is invisible, reorders it or pushes it out of sight
 * (SECURITY S12): control, format, private, unassigned and look-alike blank characters become `\u202e`.
 */
export function reveal(text: string): Stretch[] {
  const stretches: Stretch[] = [];
  let from = 0;
  for (const match of text.matchAll(unseen)) {
    if (match.index > from) stretches.push({ text: text.slice(from, match.index), escaped: false });
    stretches.push({ text: spell(match[0]), escaped: true });
    from = match.index + match[0].length;
  }
  if (from < text.length || stretches.length === 0)
    stretches.push({ text: text.slice(from), escaped: false });
  return stretches;
}

/** The same as one string, for names and labels. */
export function revealed(text: string): string {
  return reveal(text)
    .map((stretch) => stretch.text)
    .join('');
}

const categories = '\\p{Cf}\\p{Co}\\p{Cn}\\p{Cs}\\p{Zl}\\p{Zp}';
const controls = '\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f';
const blanks =
  '\\u00a0\\u115f\\u1160\\u1680\\u17b4\\u17b5\\u2000-\\u200a\\u202f\\u205f\\u2800\\u3000\\u3164\\uffa0';
const selectors = '\\u034f\\u180b-\\u180f\\ufe00-\\ufe0e\\u{e0100}-\\u{e01ef}';
const unseen = new RegExp(
  `[${categories}${controls}${blanks}${selectors}]|(?<=\\S) {${longestRun},}|\\n{${longestRun},}`,
  'gu',
);

function spell(match: string): string {
  if (match.startsWith(' ')) return `\\u0020{${match.length}}`;
  if (match.startsWith('\n')) return `\\u000a{${match.length}}\n`;
  const code = match.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return code > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}
