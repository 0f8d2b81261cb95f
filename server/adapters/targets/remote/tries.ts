import { setTimeout as sleep } from 'node:timers/promises';
import { calledOff, TargetFault } from '../targetFault.ts';

/**
 * Does something again, after a growing pause, as long as its faults may pass; what got on since the last fault
 * begins to count anew. Rejects with the last fault, or with that of a call-off.
 */
export async function retrying<T>(
  signal: AbortSignal,
  work: (progress: () => void) => Promise<T>,
): Promise<T> {
  for (let tries = 0; ; tries++) {
    if (signal.aborted) throw calledOff();
    try {
      return await work(() => {
        tries = 0;
      });
    } catch (error) {
      if (signal.aborted) throw calledOff();
      if (!(error instanceof TargetFault && error.passing) || tries >= mostTries - 1) throw error;
      await sleep(firstPause * 2 ** tries, undefined, { signal }).catch(() => {});
      if (signal.aborted) throw calledOff();
    }
  }
}

/** What a work gives, or the fault of a call-off as soon as that comes: what a silent server makes it wait for is left. */
export function orCalledOff<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(calledOff());
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
    if (signal.aborted) stop();
  });
}

const mostTries = 5;
const firstPause = 200;
