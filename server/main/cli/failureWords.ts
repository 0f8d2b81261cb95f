import type { Failure } from '../../protocol/failure.ts';
import { clockTime } from '../clockTime.ts';

/** What failed, as the terminal says it: with the time until which it lasts, where a service named one. */
export function failedWords({ what, until }: Failure): string {
  const now = Date.now();
  return until !== undefined && until > now ? `${what} It lasts until ${clockTime(until, now)}.` : what;
}

/** What mends it, from a terminal. */
export function mendWords({ mend }: Failure): string {
  return mend.startsWith(inEditor) ? keyMend : mend;
}

/** How what mends a key begins where the editor's palette is at hand. */
const inEditor = 'Run "Butler: Set API Key"';

const keyMend =
  '"butler providers" lists what needs a key; "butler providers add <name>" asks for it, and "butler use <ability> offline" needs none.';
