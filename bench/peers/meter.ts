import { canMeter, cpuOf, descendantsOf, isDead, kill, peakMemoryOf } from './processTree.ts';

/** Watches everything that was started since. */
export interface Meter {
  /** Processor time of the living so far, in ms; `null` where the system does not say. */
  cpu(): number | null;
  /** The most memory of all processes together, in MB. */
  peak(): number | null;
  /** Ends every process without a word; answers how many there were. */
  kill(): number;
  close(): void;
}

/** How often memory is looked at, in ms. */
const pause = 50;

/** Watches the descendants of this process but the given ones; in a namespace of its own, orphans are among them. */
export function openMeter(without: ReadonlySet<number>): Meter {
  const living = () => descendantsOf(process.pid, without).filter((pid) => !isDead(pid));
  const able = canMeter();
  const seen = new Set<number>();
  let peak = 0;
  // A child that has not become another program yet shows its parent's memory, so each is counted from its second look on.
  const look = () => {
    const now = living();
    const sum = now.filter((pid) => seen.has(pid)).reduce((total, pid) => total + peakMemoryOf(pid), 0);
    peak = Math.max(peak, sum);
    for (const pid of now) seen.add(pid);
  };
  const timer = able ? setInterval(look, pause) : undefined;
  return {
    cpu: () => (able ? living().reduce((total, pid) => total + cpuOf(pid), 0) : null),
    peak: () => {
      if (!able) return null;
      look();
      return peak;
    },
    kill: () => {
      const left = living();
      for (const pid of left) kill(pid);
      return left.length;
    },
    close: () => clearInterval(timer),
  };
}
