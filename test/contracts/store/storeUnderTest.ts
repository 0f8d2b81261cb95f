import { strict as assert } from 'node:assert';
import type { Draft, Store } from '../../../server/core/ports/store.ts';
import { ofEachTest, standIn } from '../../support/ofEachTest.ts';

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

/** A store for each test of the suite in which this stands, what must be taken by it, and what it must refuse whole. */
export function storeOfEachTest(factory: StoreFactory) {
  const under = ofEachTest(factory, ({ dispose }) => dispose());
  const store = standIn(() => under.store);
  return {
    under,
    store,
    append: async (...drafts: Draft[]) => {
      const outcome = await store.append(drafts);
      assert.ok(outcome.ok, JSON.stringify(outcome));
      return outcome.value;
    },
    refuses: async (...drafts: Draft[]) => {
      const before = await store.head();
      const outcome = await store.append(drafts);
      assert.equal(outcome.ok ? 'done' : outcome.failure.kind, 'conflict');
      assert.equal(await store.head(), before);
    },
  };
}

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
