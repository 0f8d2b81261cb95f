/** Characters that are not seen, or that turn the text around them: controls, formats, separators, private use. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\u115f\u1160\u3164\uffa0]/gu;
/** Spaces that are not plain ones, and long runs of plain ones inside a line. */
const padding = /[^\S\n\t ]|(?<=\S) {8,}/gu;

/**
 * Shows what cannot be seen: invisible and bidirectional characters and long padding, escaped (SECURITY S12).
 * Line breaks, tabs and indentation stay.
 */
export function reveal(text: string): string {
  return text
    .replace(unseen, escaped)
    .replace(padding, (run) => (run.length > 1 ? `␠×${run.length}` : escaped(run)));
}

function escaped(character: string): string {
  if (character === '\n' || character === '\t') return character;
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
