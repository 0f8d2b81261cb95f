import { openStore } from '../../../server/adapters/storage/openStore.ts';
import { systemClock } from '../../../server/adapters/systemClock.ts';
import type { Store } from '../../../server/core/ports/store.ts';
import { messageAdded } from './drafts.ts';

const [work = '', file = '', headFile = '', key = ''] = process.argv.slice(2);
const outcome = await openStore({ file, headFile, key: Buffer.from(key, 'hex'), clock: systemClock });
if (!outcome.ok) throw new Error(outcome.failure.what);
/** Resolves once the message has left this process. */
const tell = (message: string | number) =>
  new Promise<void>((resolve, reject) => {
    process.send?.(message, (error: Error | null) => (error ? reject(error) : resolve()));
  });

const works: Record<string, (store: Store) => Promise<void>> = {
  /** Appends until it is killed, and tells the number of each entry that was acknowledged. */
  async append(store) {
    for (;;) {
      const appended = await store.append([
        messageAdded('s', 'j', 'x'.repeat(500)),
        messageAdded('s', 'j', 'y'),
      ]);
      if (!appended.ok) throw new Error(appended.failure.what);
      await tell(appended.value.at(-1)?.seq ?? 0);
    }
  },
  /** Claims until nothing waits, and tells the id of each job. */
  async claim(store) {
    const worker = `elsewhere:${process.pid}:a`;
    for (
      let job = await store.claim(worker, 'any', 60_000);
      job;
      job = await store.claim(worker, 'any', 60_000)
    ) {
      await tell(job.id);
    }
  },
  async open(store) {
    await tell(await store.head());
  },
};
await works[work]?.(outcome.value);
await outcome.value.close();
process.disconnect();
