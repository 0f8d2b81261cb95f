import type { Database } from 'better-sqlite3';

/** Tells listeners that the journal grew, whoever appended. */
export interface Watch {
  add(listener: () => void): () => void;
  /** To be called after an append of this process; listeners hear of it once the caller is done. */
  appended(): void;
  close(): void;
}

/** Watches one connection; appends of other processes are noticed by asking the engine from time to time. */
export function watchOn(database: Database): Watch {
  const listeners = new Set<() => void>();
  const version = database.prepare('pragma data_version').pluck();
  let seen: unknown = null;
  let told = true;
  let timer: NodeJS.Timeout | null = null;
  const tell = () => {
    if (!told) return;
    told = false;
    queueMicrotask(() => {
      told = true;
      for (const listener of [...listeners]) listener();
    });
  };
  const look = () => {
    const now = version.get();
    if (now !== seen) tell();
    seen = now;
  };
  const stop = () => {
    if (timer) clearInterval(timer);
    timer = null;
  };
  return {
    add(listener) {
      listeners.add(listener);
      if (!timer) {
        seen = version.get();
        timer = setInterval(look, pollEvery).unref();
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stop();
      };
    },
    appended: tell,
    close() {
      listeners.clear();
      stop();
    },
  };
}

/** Milliseconds between two looks at what other processes did. */
const pollEvery = 150;
