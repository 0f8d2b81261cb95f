import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { abortJob, listJobs } from '../../server/protocol/job.ts';
import { setSecret } from '../../server/protocol/provider.ts';
import { openMock } from '../anthropicMock.ts';
import { openClient } from '../client.ts';
import type { Family } from '../family.ts';
import { type Row, rowOf } from '../row.ts';
import { ended, readFileName, type Stage } from '../stage.ts';

const times = 5;

/** How soon what is called off ends (DESIGN, Jobs), and a worker that nobody speaks to any more. */
export const ends: Family = {
  name: 'ends',
  measure: async (stage) => [await aborts(stage), await orphans(stage)],
};

/** A model that took a request and never answers it. */
async function aborts(stage: Stage): Promise<Row> {
  const mock = await openMock();
  const client = await openClient(stage.worker, stage.workspace, stage.env('ends', mock.url));
  const found: number[] = [];
  try {
    await client.send(setSecret, { provider: 'anthropic', value: 'bench-key-of-no-worth' });
    for (let time = 0; time < times; time++) {
      const asked = Promise.withResolvers<void>();
      mock.script(1, readFileName, () => {
        asked.resolve();
        return new Promise(() => {});
      });
      const end = client.runJob('bench', stage.workspace, 'Read the notes.');
      await asked.promise;
      const [job] = (await client.send(listJobs, { limit: 1 })).jobs;
      const begun = performance.now();
      await client.send(abortJob, { id: job?.id ?? '' });
      if ((await end) !== 'job.aborted') throw new Error('the job did not end as aborted');
      found.push(performance.now() - begun);
    }
  } finally {
    await client.close();
    await mock.close();
  }
  return rowOf({
    name: `abort of a job whose model is silent to its end, longest of ${times}`,
    value: Math.max(...found),
    unit: 'ms',
    limit: { atMost: 1_000 },
  });
}

/** A client that is killed without a word. */
async function orphans(stage: Stage): Promise<Row> {
  const found: number[] = [];
  for (let time = 0; time < times; time++) {
    const holder = fork(path.join(import.meta.dirname, '../holder.ts'), [stage.worker, stage.workspace], {
      env: stage.env('ends', ''),
    });
    const gone = ended(holder);
    const [worker] = (await Promise.race([
      once(holder, 'message'),
      gone.then((code) => Promise.reject(new Error(`the client ended with ${code}`))),
    ])) as [number];
    const begun = performance.now();
    holder.kill('SIGKILL');
    await gone;
    while (isThere(worker)) await new Promise((resolve) => setTimeout(resolve, 10));
    found.push(performance.now() - begun);
  }
  return rowOf({
    name: `client killed to its worker's end, longest of ${times}`,
    value: Math.max(...found),
    unit: 'ms',
    limit: { atMost: 5_000 },
  });
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
