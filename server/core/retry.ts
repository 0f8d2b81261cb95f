import type { Failure, FailureKind } from '../protocol/failure.ts';
import type { Clock } from './ports/clock.ts';

/** What may help after a failure. */
export interface Remedy {
  /** How often one provider is asked for one answer, the first time included. */
  readonly tries: number;
  /** Whether another provider may do better. */
  readonly elsewhere: boolean;
  /** Whether the second time comes at once: nothing says that the service has too much to do. */
  readonly atOnce?: true;
}

const passing: Remedy = { tries: 4, elsewhere: true, atOnce: true };
/** A busy service wants more time: about a quarter of a minute altogether. */
const busy: Remedy = { tries: 7, elsewhere: true };
const onlyElsewhere: Remedy = { tries: 1, elsewhere: true };
/** The second time is asked with less; see `compaction.ts`. */
const onceShorter: Remedy = { tries: 2, elsewhere: true, atOnce: true };
const none: Remedy = { tries: 1, elsewhere: false };

/** Where each failure goes: to the same provider again, to the next one, or to the person. */
export const remedies: Readonly<Record<FailureKind, Remedy>> = {
  cut: passing,
  malformed: passing,
  overloaded: busy,
  limited: busy,
  offline: { tries: 2, elsewhere: true },
  auth: onlyElsewhere,
  notFound: onlyElsewhere,
  denied: onlyElsewhere,
  invalid: onlyElsewhere,
  tooLong: onceShorter,
  refused: none,
  conflict: none,
  expired: none,
  cancelled: none,
  store: none,
  tool: none,
  internal: none,
};

const firstPause = 250;
/** A limit that ends later than this is not waited for, in ms. */
export const longestPause = 60_000;
/** The same where another provider could answer meanwhile. */
const longestBeforeNext = 3_000;

/**
 * The pause before a provider is asked again, in ms, after so many tries; `null` where that would not help. The
 * time that the service names is honoured (RFC 9110, Retry-After), else pauses double; chance keeps many jobs
 * from asking at one moment.
 */
export function pauseBefore(
  failure: Failure,
  tried: number,
  clock: Pick<Clock, 'now' | 'random'>,
  { another }: { another: boolean },
): number | null {
  const { tries, atOnce } = remedies[failure.kind];
  if (tried >= tries) return null;
  if (atOnce && tried === 1) return 0;
  const pause = pauseAfter(failure, tried, clock);
  return pause <= (another ? longestBeforeNext : longestPause) ? pause : null;
}

function pauseAfter({ until }: Failure, tried: number, clock: Pick<Clock, 'now' | 'random'>): number {
  if (until === undefined) return backOff(firstPause, tried, longestPause, clock);
  return Math.max(0, until - clock.now()) + firstPause * clock.random();
}

/** The n-th of pauses that double from `first` up to `longest`, each between half of it and the whole, in ms. */
export function backOff(first: number, nth: number, longest: number, clock: Pick<Clock, 'random'>): number {
  const whole = Math.min(longest, first * 2 ** (nth - 1));
  return whole * (0.5 + clock.random() / 2);
}
