import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createJob, readAdmin } from '../../../server/protocol/job.ts';
import { type LspClient, startClient } from '../../support/lspClient.ts';
import { setStage, until } from '../../support/stage.ts';
import { atHome, program } from '../../support/terminal.ts';

const jobs = 1000;

describe('two windows and a terminal on one store', () => {
  it(`run ${jobs} small jobs, each exactly once`, async function () {
    this.timeout(300_000);
    const stage = await setStage({ serve: false });
    const { home, workspace } = stage;
    const clients: LspClient[] = [];
    try {
      clients.push(
        ...(await Promise.all([startClient({ home, workspace }), startClient({ home, workspace })])),
      );
      const terminal = spawn(
        process.execPath,
        [program, '--workspace', workspace, '--json', 'run', 'butler', '/help'],
        { env: atHome({ home }), stdio: 'ignore' },
      );
      const gone = once(terminal, 'exit');
      const half = Array.from({ length: (jobs - 1 + 1) / 2 }, (_, index) => index);
      await Promise.all(
        clients.map(async (client) => {
          for (const _ of half) await client.send(createJob, { ability: 'butler', workspace, text: '/help' });
        }),
      );
      assert.deepEqual(await gone, [0, null]);
      await until(stage.butler, async () => {
        const { running, queued } = await stage.butler.store.admin();
        return running + queued === 0 ? true : null;
      });
      await eachOnce(stage.butler.store);
      assert.equal((await clients[0]?.send(readAdmin, {}))?.queued, 0);
      assert.equal((await stage.butler.store.verify()).state, 'clean');
    } finally {
      await Promise.all(clients.map((client) => client.close()));
      await stage.close();
    }
  });
});

async function eachOnce(store: Awaited<ReturnType<typeof setStage>>['butler']['store']): Promise<void> {
  const counts = new Map<string, Map<string, number>>();
  for (let after = 0, more = true; more; ) {
    const page = await store.entries({ after, limit: 2000 });
    for (const { job, type, seq } of page.entries) {
      after = seq;
      if (!job) continue;
      const ofJob = counts.get(job) ?? new Map<string, number>();
      counts.set(job, ofJob.set(type, (ofJob.get(type) ?? 0) + 1));
    }
    more = page.more;
  }
  assert.equal(counts.size, jobs + 1);
  for (const [job, types] of counts) {
    for (const type of ['job.created', 'job.completed', 'message.added']) {
      assert.equal(types.get(type), 1, `${job}: ${type} ${types.get(type)} times`);
    }
  }
}
