import type { Database } from 'better-sqlite3';
import type { Entry } from '../../protocol/journal.ts';

/** The entries that this process appended, or `null` where another one did. */
export type News = readonly Entry[] | null;

/** Tells listeners that the journal grew, whoever appended. */
export interface Watch {
  add(listener: (news: News) => void): () => void;
  /** To be called after an append of this process; listeners hear of it once the caller is done. */
  appended(entries: readonly Entry[]): void;
  close(): void;
}

/** Watches one connection; appends of other processes are noticed by asking the engine from time to time. */
export function watchOn(database: Database): Watch {
  const listeners = new Set<(news: News) => void>();
  const version = database.prepare('pragma data_version').pluck();
  let seen: unknown = null;
  let own: Entry[] = [];
  let timer: NodeJS.Timeout | null = null;
  const tell = (news: News) => {
    for (const listener of [...listeners]) listener(news);
  };
  const appended = (entries: readonly Entry[]) => {
    if (listeners.size === 0) return;
    if (own.length === 0) {
      queueMicrotask(() => {
        const news = own;
        own = [];
        tell(news);
      });
    }
    own.push(...entries);
  };
  const look = () => {
    const now = version.get();
    if (now !== seen) tell(null);
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
    appended,
    close() {
      listeners.clear();
      stop();
    },
  };
}

/** Milliseconds between two looks at what other processes did. */
const pollEvery = 150;
