import path from 'node:path';
import { watch } from 'chokidar';

/** Watches a few files that may not be there yet, nor their folder. */
export interface FileWatch {
  /** Takes other files in hand. */
  set(files: readonly string[]): void;
  close(): Promise<void>;
}

/** Calls back after one of the files came, changed or went; nothing else of their folders is looked at. */
export function watchFiles(files: readonly string[], listener: () => void): FileWatch {
  let inHand = new Set(files);
  const leadsTo = (at: string) => [...inHand].some((file) => file === at || file.startsWith(at + path.sep));
  const watcher = watch(files.map(base), {
    ignoreInitial: true,
    followSymlinks: false,
    depth: 2,
    ignored: (at) => !leadsTo(path.normalize(at)),
  });
  watcher.on('all', (_event, at) => {
    if (inHand.has(path.normalize(at)) || leadsTo(path.normalize(at))) listener();
  });
  watcher.on('error', () => undefined);
  return {
    set: (next) => {
      const before = [...inHand];
      inHand = new Set(next);
      watcher.unwatch(before.filter((file) => !inHand.has(file)).map(base));
      watcher.add(next.filter((file) => !before.includes(file)).map(base));
    },
    close: () => watcher.close(),
  };
}

/** The folder above that of a file: that of the file may still have to come. */
const base = (file: string) => path.dirname(path.dirname(file));
