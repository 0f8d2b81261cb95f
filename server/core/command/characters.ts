/**
 * Why a command's characters cannot be trusted to be what they look like; `null` where they can. Line breaks and
 * tabs are left to the grammar.
 */
export function deceivingCharacters(text: string): string | null {
  const found = kinds.find(([pattern]) => pattern.test(text));
  return found ? `It holds ${found[1]}.` : null;
}

const kinds: readonly (readonly [RegExp, string])[] = [
  [/\0/u, 'a NUL character'],
  [/[^\P{Cc}\n\t\0]/u, 'a control character'],
  [
    /\p{Cf}|\p{Variation_Selector}|[\u{115f}\u{1160}\u{3164}\u{ffa0}\u{2800}]/u,
    'an invisible or direction-changing character',
  ],
  [/[^\P{Z} ]/u, 'a space or line break that looks like another'],
  [/[\p{Cs}\p{Co}\p{Cn}\u{fffd}]/u, 'a character that is no valid text'],
];
