import { YouTubeFault } from './faults.ts';

/** Asks again after each wait what may go well in a moment; whatever is asked must be as good twice as once. */
export async function patiently<T>(
  waits: readonly number[],
  signal: AbortSignal,
  ask: () => Promise<T>,
): Promise<T> {
  for (const wait of waits) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof YouTubeFault && error.passes)) throw error;
      await pause(wait, signal);
    }
  }
  return ask();
}

/** Lets some ms pass, or what is left of them until the signal. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}
