/** Programs that do nothing but tell, with any arguments that are understood: more of them change nothing of that. */
const telling: readonly (readonly string[])[] = [
  ['ls'],
  ['pwd'],
  ['wc'],
  ['echo'],
  ['whoami'],
  ['git', 'status'],
];

/**
 * The pattern of a rule that would cover a program for good: its exact words, or open at the end where no further
 * argument widens what it does. Empty where no pattern can say exactly that.
 */
export function grantPattern(argv: readonly string[]): string[] {
  const open = telling.find((words) => words.every((word, at) => argv[at] === word));
  const pattern = open ? [...open, '...'] : [...argv];
  const isExact = open !== undefined || !pattern.some((word) => word.includes('*') || word === '...');
  const fits = pattern.length <= 64 && pattern.every((word) => word.length > 0 && word.length <= 500);
  return isExact && fits && argv.length > 0 ? pattern : [];
}
