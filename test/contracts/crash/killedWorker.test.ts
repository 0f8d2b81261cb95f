import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { decideApproval } from '../../../server/core/approvals.ts';
import { isEnded } from '../../../server/core/jobStates.ts';
import type { Store } from '../../../server/core/ports/store.ts';
import { type Stage, setStage, until } from '../../support/stage.ts';

const butler = path.join(import.meta.dirname, '../../../dist/butler.mjs');
/** How often a worker is killed; the longer run is asked for by the environment. */
const kills = Number(process.env.BUTLER_KILLS ?? 8);

describe(`a worker killed at ${kills} random moments of the main job`, () => {
  it('leaves every job completed or waiting for a person, does nothing twice, and the journal whole', async function () {
    this.timeout(600_000);
    const stage = await setStage({ serve: false });
    try {
      const whole = await runFor(stage, Number.POSITIVE_INFINITY);
      for (let kill = 0; kill < kills; kill++) await runFor(stage, Math.random() * whole * 1.1);
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

/** Runs the main job in a process of its own and kills it after a while; answers how long it lived, in ms. */
async function runFor(stage: Stage, ms: number): Promise<number> {
  const begun = performance.now();
  const args = [butler, '--workspace', stage.workspace, '--json', 'run', '--yes', 'site-from-readme'];
  const child = spawn(process.execPath, [...args, 'Publish the docs as a site'], {
    env: { ...process.env, BUTLER_HOME: stage.home, BUTLER_KEYCHAIN: 'off' },
    stdio: 'ignore',
  });
  const timer = Number.isFinite(ms) ? setTimeout(() => child.kill('SIGKILL'), ms) : undefined;
  await once(child, 'exit');
  clearTimeout(timer);
  return performance.now() - begun;
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
