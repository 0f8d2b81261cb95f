import { setTimeout as sleep } from 'node:timers/promises';
import { calledOff, RemoteFault } from './remoteFault.ts';

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
      if (!(error instanceof RemoteFault && error.passing) || tries >= mostTries - 1) throw error;
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

/** The signal for what must still be done after a call-off: it comes so many ms later. */
export function someTimeAfter(signal: AbortSignal, ms: number): AbortSignal {
  const late = new AbortController();
  const wait = () => setTimeout(() => late.abort(), ms).unref();
  if (signal.aborted) wait();
  else signal.addEventListener('abort', wait, { once: true });
  return late.signal;
}

/** Works on things, so many at once; when one fails the others are called off, and its fault is that of all. */
export async function someAtOnce<T>(
  things: readonly T[],
  atOnce: number,
  signal: AbortSignal,
  work: (thing: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const faults: unknown[] = [];
  const rest = things.values();
  const worker = async () => {
    for (const thing of rest) {
      if (either.aborted) return;
      try {
        await work(thing, either);
      } catch (error) {
        faults.push(error);
        failed.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, things.length) }, worker));
  if (faults.length > 0) throw faults[0];
  if (signal.aborted) throw calledOff();
}

const mostTries = 5;
const firstPause = 200;
