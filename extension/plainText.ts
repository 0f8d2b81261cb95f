/**
 * Text of unknown origin as an editor's label may show it: one line, what cannot be seen spelled out as
 * `\u202e`, and no Markdown link, which notifications would follow (SECURITY S11, S12).
 */
export function plainText(text: string, longest = 300): string {
  const line = text
    .replace(/[\r\n\t]+/g, ' ')
    .replace(unseen, spell)
    .replace(/\]\s*\(/g, '] (')
    .replace(/\$\(/g, '$ (')
    .trim();
  const characters = [...line];
  if (characters.length <= longest) return line;
  const half = Math.floor((longest - 3) / 2);
  return `${characters.slice(0, half).join('')} … ${characters.slice(-half).join('')}`;
}

/** Control, format, private and line-separating characters, and the fillers that look like nothing. */
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu;

function spell(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
