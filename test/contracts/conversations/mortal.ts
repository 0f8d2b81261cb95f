import type { Store } from '../../../server/core/ports/store.ts';
import { bad, failures } from '../../../server/protocol/failure.ts';

/** A store as a worker has it that dies right after it has written for the n-th time. */
export interface Mortal {
  readonly store: Store;
  /** Resolves at the death. */
  readonly died: Promise<void>;
  /** How often was written so far. */
  written(): number;
}

/** Lets a worker write `most` times, a claim included; after that it gets nothing done, and is not told why. */
export function mortal(store: Store, most = Number.POSITIVE_INFINITY): Mortal {
  const died = Promise.withResolvers<void>();
  let count = 0;
  const isDead = () => count >= most;
  const write = () => {
    count++;
    if (isDead()) died.resolve();
  };
  const taking =
    (take: Store['claim']): Store['claim'] =>
    async (...request) => {
      const job = isDead() ? null : await take(...request);
      if (job) write();
      return isDead() ? null : job;
    };
  return {
    died: died.promise,
    written: () => count,
    store: {
      ...store,
      claim: taking(store.claim),
      takeOver: taking(store.takeOver),
      append: async (drafts, fence) => {
        if (isDead()) return gone;
        const outcome = await store.append(drafts, fence);
        if (outcome.ok) write();
        return isDead() ? gone : outcome;
      },
    },
  };
}

const gone = bad(failures.store('The worker is gone.', 'Another one takes over.'));
