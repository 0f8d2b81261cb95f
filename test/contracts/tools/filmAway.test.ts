import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../../server/adapters/systemClock.ts';
import { abortJob } from '../../../server/core/jobs.ts';
import type { Tool } from '../../../server/core/ports/tool.ts';
import { crewOfEachTest } from '../conversations/crew.ts';
import { hurrying } from '../conversations/model.ts';
import { filmParts, filmPath } from '../crash/filmParts.ts';
import { startVideoStudio } from '../providers/videoStudio.ts';

/** What the network lets nobody ask for so often that it is given up for the time being. */
const outages: Record<string, { asks: RegExp; times: number }> = {
  'how far it is': { asks: /GET .*interactions/, times: 45 },
  'the video itself': { asks: /alt=media/, times: 20 },
};

describe('a video that was ordered when the network goes away', function () {
  this.timeout(60_000);
  const { crew, stage } = crewOfEachTest();

  for (const [what, { asks, times }] of Object.entries(outages)) {
    it(`is waited for, ordered and paid for once, where nobody can ask for ${what}`, async () => {
      let left = times;
      const service = await startVideoStudio('google', (asked, response) => {
        if (!asks.test(asked) || left === 0) return false;
        left--;
        response.destroy();
        return true;
      });
      try {
        const { tools, providers } = filmParts('google', service.url);
        crew.work('one', { providers, tools: tools.map(quick) });
        const job = await stage.hand('butler', 'Film it');
        await stage.decide(await stage.question(job), 'approve');
        await crew.saw(job, 'execution.noted');
        assert.equal((await hurrying(stage, job, 6_000)).state, 'completed');
        assert.equal(left, 0);
        assert.equal(service.orders.length, 1);
        assert.equal((await stage.butler.store.spent({ job: job.id })).usd, 0.8);
        assert.equal(await crew.count(job, 'network.awaited'), 1);
        assert.ok(existsSync(path.join(stage.workspace, filmPath)));
      } finally {
        await service.close();
      }
    });
  }

  it('counts as paid for where it is stopped and the provider cannot be told', async () => {
    const looked = Promise.withResolvers<void>();
    const service = await startVideoStudio('google', (asked, response) => {
      if (!/interactions\//.test(asked)) return false;
      looked.resolve();
      if (asked.endsWith('/cancel')) response.destroy();
      else response.end(JSON.stringify({ id: 'v1_Chd-x', status: 'in_progress' }));
      return true;
    });
    try {
      crew.work('one', filmParts('google', service.url));
      const job = await stage.hand('butler', 'Film it');
      await stage.decide(await stage.question(job), 'approve');
      await looked.promise;
      assert.ok((await abortJob(stage.butler, job.id, 'person:test')).ok);
      assert.equal((await stage.end(job)).state, 'aborted');
      assert.equal((await stage.butler.store.spent({ job: job.id })).usd, 0.8);
    } finally {
      await service.close();
    }
  });
});

/** The same tool without the seconds between two questions. */
function quick(tool: Tool): Tool {
  const clock = { ...systemClock, sleep: (_: number, until?: AbortSignal) => systemClock.sleep(1, until) };
  return { ...tool, run: (input, plan, context) => tool.run(input, plan, { ...context, clock }) };
}
