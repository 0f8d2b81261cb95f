// A worker process that claims until nothing is left; started by rows/claims.ts with a folder and `store` or `bare`.
import { hostname } from 'node:os';
import path from 'node:path';
import { openBareQueue } from './floors/bareQueue.ts';
import { benchWorkspace, storeIn } from './journalStage.ts';

const [folder = '', kind = 'store'] = process.argv.slice(2);
const worker = `${hostname()}:${process.pid}:bench`;
const { claim, close } = await openQueue();
process.once('message', async () => {
  const begun = Date.now();
  const jobs: string[] = [];
  for (let job = await claim(); job; job = await claim()) jobs.push(job);
  const ended = Date.now();
  await close();
  process.send?.({ begun, ended, jobs }, () => process.disconnect());
});
process.send?.('ready');

async function openQueue(): Promise<{ claim(): Promise<string | null>; close(): Promise<void> }> {
  if (kind === 'bare') {
    const bare = openBareQueue(path.join(folder, 'bare.db'));
    return { claim: async () => bare.claim(worker), close: async () => bare.close() };
  }
  const store = await storeIn(folder);
  return {
    claim: async () => (await store.claim(worker, [benchWorkspace], 60_000))?.id ?? null,
    close: () => store.close(),
  };
}
