const mebibyte = 1024 * 1024;
/** How often one looks, in ms. */
const lookEvery = 50;

/** How much more memory this process holds than when the watch began. */
export interface MemoryWatch extends Disposable {
  /** The most that was seen, in MiB. */
  grown(): number;
}

/** Watches the memory of this process. */
export function watchMemory(): MemoryWatch {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let most = before;
  const look = () => {
    most = Math.max(most, process.memoryUsage().rss);
  };
  const timer = setInterval(look, lookEvery);
  return {
    grown: () => {
      look();
      return Math.round((most - before) / mebibyte);
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
