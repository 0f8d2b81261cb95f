import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../server/core/ports/clock.ts';

/** What is longer than this is there to stop something, and does not come. */
const longestPause = 10 * 60_000;

/** A clock on which every pause is over at once. */
export function hurried(clock: Clock): Clock {
  let ahead = 0;
  return {
    ...clock,
    now: () => clock.now() + ahead,
    sleep: async (ms, signal) => {
      if (ms > longestPause) return clock.sleep(ms, signal);
      ahead += Math.ceil(ms);
      await setImmediate();
    },
  };
}
