import type { Store } from '../../../server/core/ports/store.ts';

/** The time of a test, which moves when the test says so. */
export interface TestTime {
  now(): number;
  midnight(): number;
  pass(ms: number): void;
}

/** One fresh store, and the way for more workers to open the same one. */
export interface StoreUnderTest {
  readonly store: Store;
  readonly time: TestTime;
  /** Another connection to the same data, as another process has. */
  another(): Promise<Store>;
  /** Every row of the projections and of the leases, by table, in a fixed order. */
  tables(): { projections: unknown; leases: unknown };
  /** Closes everything and takes the data away. */
  dispose(): Promise<void>;
}

export type StoreFactory = () => Promise<StoreUnderTest>;

/** A time that begins where a person would recognise it. */
export function testTime(): TestTime {
  let now = Date.UTC(2030, 0, 1);
  return {
    now: () => now,
    midnight: () => new Date(now).setHours(0, 0, 0, 0),
    pass: (ms) => {
      now += ms;
    },
  };
}
