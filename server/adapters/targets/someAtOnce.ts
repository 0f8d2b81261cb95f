import { calledOff } from './targetFault.ts';

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
