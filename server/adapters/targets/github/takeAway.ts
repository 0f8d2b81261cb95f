import { type Failure, failures } from '../../../protocol/failure.ts';
import { type Hub, hubUntil } from './hub.ts';
import { isPassing, Refused } from './refused.ts';
import type { Work } from './work.ts';

/** How long tidying up may take, in ms. */
const longest = 8_000;

/**
 * Takes away what a publication had begun that failed for good or was stopped by a person, and throws why; `tidy`
 * answers what stands there after all, if anything does. What failed in passing, or in a worker that ends, stays: the
 * same execution is taken up and goes on with it.
 */
export async function takeAway<T>(
  { hub, context }: Pick<Work, 'hub' | 'context'>,
  why: unknown,
  tidy: (hub: Hub) => Promise<T | null>,
): Promise<T> {
  const { signal } = context;
  if (signal.aborted ? signal.reason !== 'abort' : isPassing(why)) throw why;
  let stands: T | null;
  try {
    stands = await tidy(hubUntil(hub, AbortSignal.timeout(longest)));
  } catch (left) {
    if (!(left instanceof Refused)) throw left;
    if (!(why instanceof Refused)) throw why;
    throw new Refused(why.status, leftOver(why.failure, left, signal.aborted));
  }
  if (stands === null) throw why;
  return stands;
}

/** Why it failed, with what was left there; what could not be taken away only now is taken up again. */
function leftOver(why: Failure, left: Refused, stopped: boolean): Failure {
  if (stopped) {
    const what = 'It was stopped, but what it had begun is still there.';
    return { ...failures.cancelled(what), mend: 'Look at GitHub, and take it away there.' };
  }
  if (isPassing(left) || left.failure.kind === 'limited') return failures.offline(why.what);
  return { ...why, mend: `${why.mend} What it had begun is still there: ${left.failure.what}` };
}
