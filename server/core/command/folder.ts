import { isRooted, joined } from './paths.ts';
import type { PlainCommand } from './plain.ts';
import { peel } from './wrappers.ts';

/** Where the programs behind a `cd` run, from where the command begins. */
export interface Moved {
  readonly folder: string;
  readonly reason: string | null;
}

/** Whether a program runs only where what stands before it in its chain went well. */
export function isChained({ after }: PlainCommand): boolean {
  return after === '&&' || after === '|' || after === '|&';
}

/**
 * Follows `cd` where the rest runs only when it worked; `null` for any other program. Behind `time` bash
 * takes it for its own, behind other programs it does not. `next` is what stands behind it. Going up by `..` is followed only before any folder was entered, for a link leads back elsewhere.
 */
export function changeFolder(command: PlainCommand, folder: string, next: string): Moved | null {
  const { words } = peel(command.words);
  if (words[0]?.value !== 'cd') return null;
  const [, place, ...more] = words;
  const path = place?.value ?? '';
  const goesUp = /(^|\/)\.\.(\/|$)/.test(path);
  const firm =
    /^(\.\.\/)*(\.\.)?$/.test(folder === '' ? '' : `${folder}/`) && /^(\.\.(\/|$))+(?!.*\.\.)/.test(path);
  const isPlain =
    path !== '' && !path.startsWith('-') && !place?.glob && more.length === 0 && path.length < 1000;
  const isSafe =
    isPlain &&
    !command.negated &&
    words.length === command.words.length &&
    (!goesUp || firm) &&
    (next === '&&' || next === '') &&
    !command.after.startsWith('|') &&
    command.after !== '||';
  const reason = isSafe ? null : 'It changes the folder in a way that cannot be followed.';
  return { folder: isRooted(path) ? path : joined(folder, path), reason };
}
