import { setImmediate } from 'node:timers/promises';

/** Why a line was closed from this side: by the person, or because nothing came. */
export type Hangup = 'cancelled' | 'silent';

/** Thrown out of a wait when the line closes. */
export class LineClosed extends Error {
  readonly why: Hangup;
  constructor(why: Hangup) {
    super(why);
    this.why = why;
  }
}

/** One request under way: whatever is waited for on it ends at once when the person or the silence ends it. */
export interface Line {
  /** For what can be told to stop. */
  readonly signal: AbortSignal;
  /** Waits for a promise, or throws `LineClosed`. */
  wait<T>(promise: Promise<T>): Promise<T>;
  /** Says that something came: the silence is counted anew. */
  heard(): void;
  /** Gives a connection a moment to come to its own end and back into the pool, for the next request. */
  settle(promise: Promise<unknown>): Promise<void>;
  /** Ends whatever is still open; what came to its own end is left alone. */
  close(): void;
}

const longestSettling = 100;
/** The reason of an abort after the end, which nobody hears; without one each costs an exception. */
const ended = 'ended';

/** Opens a line that ends with the signal, or after `silence` ms without a word. */
export function openLine(signal: AbortSignal, silence: number): Line {
  const own = new AbortController();
  const waiting = new Set<(reason: LineClosed) => void>();
  let closed: LineClosed | null = null;
  let atRest = false;
  const hangUp = (why: Hangup) => {
    closed ??= new LineClosed(why);
    for (const reject of waiting) reject(closed);
    own.abort(closed);
  };
  const onAbort = () => hangUp('cancelled');
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => hangUp('silent'), silence);
  timer.unref();
  return {
    signal: own.signal,
    wait: <T>(promise: Promise<T>) => {
      const first = Promise.withResolvers<T>();
      const { reject } = first;
      const end = () => waiting.delete(reject);
      waiting.add(reject);
      promise.then(first.resolve, reject).then(end, end);
      first.promise.catch(() => undefined);
      if (closed) reject(closed);
      return first.promise;
    },
    heard: () => {
      timer.refresh();
    },
    settle: async (promise) => {
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const limit = setTimeout(resolve, longestSettling);
      const end = promise.then(
        () => {
          atRest = true;
        },
        () => undefined,
      );
      await Promise.race([end, late]);
      clearTimeout(limit);
      await setImmediate();
    },
    close: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      if (!atRest) own.abort(ended);
    },
  };
}
