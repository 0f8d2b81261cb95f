import type { Failure } from '../../protocol/failure.ts';

/** Remembers which servers failed, so that none is started over and over. */
export interface Troubles {
  note(key: string, why: Failure): void;
  forget(key: string): void;
  /** Why a server failed last; `null` where it did not. */
  of(key: string): Failure | null;
  /** Why a server is left alone for the moment; `null` where it may be started. */
  standsAlone(key: string): Failure | null;
}

/** The longest that a server which keeps failing is left alone, in ms. */
const longest = 60_000;

/** Each failure in a row doubles the time, which begins with `first` ms. */
export function openTroubles(first: number): Troubles {
  const all = new Map<string, { times: number; why: Failure; until: number }>();
  return {
    note: (key, why) => {
      const times = (all.get(key)?.times ?? 0) + 1;
      all.set(key, { times, why, until: performance.now() + Math.min(longest, first * 2 ** (times - 1)) });
    },
    forget: (key) => void all.delete(key),
    of: (key) => all.get(key)?.why ?? null,
    standsAlone: (key) => {
      const trouble = all.get(key);
      if (!trouble || trouble.until <= performance.now()) return null;
      const { times, why } = trouble;
      const often = times === 1 ? 'It failed a moment ago' : `It failed ${times} times in a row`;
      return { ...why, what: `${often}: ${why.what}` };
    },
  };
}
