import { unwatchFile, watchFile } from 'node:fs';

/** Watches a few files that may not be there yet, nor their folder. */
export interface FileWatch {
  /** Takes other files in hand. */
  set(files: readonly string[]): void;
  close(): void;
}

/** How often a file is looked at, in ms: whoever decides by it looks for himself. */
const interval = 1_000;

/** Calls back after one of the files came, changed or went; their folders are not looked through. */
export function watchFiles(files: readonly string[], listener: () => void): FileWatch {
  let inHand: ReadonlySet<string> = new Set();
  const changed = () => listener();
  const set = (next: readonly string[]) => {
    const wanted = new Set(next);
    for (const file of inHand) if (!wanted.has(file)) unwatchFile(file, changed);
    for (const file of wanted) {
      if (!inHand.has(file)) watchFile(file, { interval, persistent: false }, changed);
    }
    inHand = wanted;
  };
  set(files);
  return { set, close: () => set([]) };
}
