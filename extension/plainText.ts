import { revealed } from '../server/protocol/reveal.ts';

/**
 * Text of unknown origin as an editor's label may show it: one line, what cannot be seen or pushes the rest out of
 * sight spelled out as `\u202e`, and no Markdown link, which notifications would follow (SECURITY S11, S12). Of a
 * longer text both ends are kept.
 */
export function plainText(text: string, longest = 300): string {
  const characters = [...wholeText(text)];
  if (characters.length <= longest) return characters.join('');
  const half = Math.floor((longest - 3) / 2);
  return `${characters.slice(0, half).join('')} … ${characters.slice(-half).join('')}`;
}

/** Whether a label of this length shows the whole text. */
export function isWhole(text: string, longest = 300): boolean {
  return [...wholeText(text)].length <= longest;
}

function wholeText(text: string): string {
  return revealed(text.replace(/[\r\n\t]+/g, ' '))
    .replace(/\]\s*\(/g, '] (')
    .replace(/\$\(/g, '$ (')
    .trim();
}
