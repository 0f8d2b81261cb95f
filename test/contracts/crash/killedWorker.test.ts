import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { decideApproval } from '../../../server/core/approvals.ts';
import { isEnded } from '../../../server/core/jobStates.ts';
import type { Store } from '../../../server/core/ports/store.ts';
import { killCount } from '../../support/killCount.ts';
import { killedChild, type Lived, momentAt, playUntilDead } from '../../support/killedChild.ts';
import { type Stage, setStage, until } from '../../support/stage.ts';

const butler = path.join(import.meta.dirname, '../../../dist/butler.mjs');
const kills = killCount(5);

describe(`a worker killed at ${kills} random moments of the main job`, () => {
  it('leaves every job completed or waiting for a person, does nothing twice, and the journal whole', async function () {
    this.timeout(600_000);
    const stage = await setStage({ serve: false });
    try {
      const acts = (await run(stage))?.laps[0] ?? 0;
      await playUntilDead(kills, async (share) => (await run(stage, momentAt(acts, share))) === null);
      stage.butler.serve();
      await finishAll(stage);
      const jobs = await stage.butler.store.jobs({ limit: 1000 });
      assert.ok(jobs.length > 0);
      for (const job of jobs)
        assert.equal(job.state, 'completed', `${job.id}: ${JSON.stringify(job.failure)}`);
      await nothingTwice(stage.butler.store);
      assert.equal((await stage.butler.store.verify()).state, 'clean');
      const before = await projections(stage.butler.store);
      await stage.butler.store.rebuild();
      assert.deepEqual(await projections(stage.butler.store), before);
      const marker = JSON.parse(
        await readFile(path.join(stage.workspace, 'public/.butler-publish.json'), 'utf8'),
      ) as { execution: string };
      const published = (await stage.butler.store.deliverables({ limit: 500 })).map(
        (one) => one.published?.execution,
      );
      assert.ok(published.includes(marker.execution));
    } finally {
      await stage.close();
    }
  });
});

/** Runs the main job in a process of its own, which is killed at a moment where one is given. */
function run({ workspace, home }: Stage, moment?: number): Promise<Lived | null> {
  const args = [
    '--workspace',
    workspace,
    '--json',
    'run',
    '--yes',
    'site-from-readme',
    'Publish the docs as a site',
  ];
  return killedChild(butler, args, moment, { BUTLER_HOME: home, BUTLER_KEYCHAIN: 'off' });
}

/** Answers whatever is asked until no job is left at work. */
function finishAll(stage: Stage): Promise<true> {
  const { store } = stage.butler;
  return until(stage.butler, async () => {
    for (const { approval } of await store.pendingApprovals()) {
      const { id, digest } = approval;
      await decideApproval(stage.butler, { id, digest, decision: 'approve' }, 'person:test');
    }
    const jobs = await store.jobs({ limit: 1000 });
    return jobs.every((job) => isEnded(job.state)) ? true : null;
  });
}

async function nothingTwice(store: Store): Promise<void> {
  for (const job of await store.jobs({ limit: 1000 })) {
    const { entries } = await store.entries({ filter: { job: job.id }, after: 0, limit: 2000 });
    const count = (type: string) => entries.filter((entry) => entry.type === type).length;
    // Several jobs that were cut off are finished side by side, and all publish to one folder: one that finds
    // another's publication there since it was approved says so and stops, which is right.
    const overtaken = entries.some((entry) => entry.type === 'execution.finished' && entry.data.end !== 'ok');
    assert.equal(count('deliverable.published'), overtaken ? 0 : 1, job.id);
    assert.equal(count('deliverable.saved'), 1, job.id);
    assert.equal(count('job.completed'), 1, job.id);
    const begun = entries.flatMap((entry) => (entry.type === 'execution.started' ? [entry.data.call] : []));
    assert.equal(new Set(begun).size, begun.length, job.id);
  }
}

/** Every list that is folded from the journal. */
async function projections(store: Store): Promise<unknown> {
  const jobs = await store.jobs({ limit: 1000 });
  return {
    jobs,
    sessions: await store.sessions({ limit: 500 }),
    deliverables: await store.deliverables({ limit: 500 }),
    executions: await Promise.all(jobs.map((job) => store.executions(job.id))),
    abilities: await store.abilities(),
    admin: await store.admin(),
    approvals: await store.pendingApprovals(),
  };
}
