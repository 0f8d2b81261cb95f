import assert from 'node:assert/strict';
import path from 'node:path';
import { createJob } from '../../../server/core/jobs.ts';
import { undoJob } from '../../../server/core/undo.ts';
import type { Job } from '../../../server/protocol/job.ts';
import { killCount } from '../../support/killCount.ts';
import { killedChild, type Lived, momentAt, playUntilDead } from '../../support/killedChild.ts';
import { approveAll } from '../conversations/approveAll.ts';
import { type Crew, setCrew } from '../conversations/crew.ts';
import { snapshotOf } from '../tools/ground.ts';
import { filingParts } from './filingParts.ts';

const filer = path.join(import.meta.dirname, 'filer.ts');
const kills = killCount(1);

describe(`a worker that is killed at ${kills} random moments while it changes files`, function () {
  this.timeout(60_000 + kills * 10_000);
  let crew: Crew;
  beforeEach(async () => {
    crew = await setCrew();
  });
  afterEach(() => crew.close());

  it('leaves one that ends it as if nothing had happened, and taking it back leaves what was there before', async () => {
    const { butler, workspace } = crew.stage;
    const before = await snapshotOf(workspace);
    const { lived, job } = await filed();
    const after = await snapshotOf(workspace);
    assert.notDeepEqual(after, before);
    await takeBack(job);
    assert.deepEqual(await snapshotOf(workspace), before);
    const acts = lived?.laps[0] ?? 0;
    await playUntilDead(kills, async (share) => {
      const one = await filed(momentAt(acts, share));
      await finish(one.job);
      assert.deepEqual(await snapshotOf(workspace), after, `at ${share}`);
      await takeBack(one.job);
      assert.deepEqual(await snapshotOf(workspace), before, `at ${share}`);
      return one.lived === null;
    });
    assert.equal((await butler.store.verify()).state, 'clean');
  });

  /** Has files changed by a worker that dies at a moment where one is given. */
  async function filed(moment?: number): Promise<{ job: Job; lived: Lived | null }> {
    const { stage } = crew;
    const { workspace, home } = stage;
    const asked = { ability: 'butler', workspace, text: 'File it', kind: 'task', mode: 'allow' } as const;
    const created = await createJob(stage.butler, asked, 'person:test');
    assert.ok(created.ok);
    const stop = approveAll(stage);
    const lived = await killedChild(filer, [home, workspace, created.value.id], moment);
    stop();
    return { job: created.value, lived };
  }

  /** The next worker ends it, whatever it asks is approved. */
  async function finish(job: Job): Promise<void> {
    const { stage } = crew;
    const stop = approveAll(stage);
    crew.work(stage.butler.worker, filingParts(stage.workspace));
    for (const { approval } of await stage.butler.store.pendingApprovals(job.id))
      await stage.decide(approval, 'approve');
    const ended = await stage.end(job);
    stop();
    await crew.dismiss();
    assert.equal(ended.state, 'completed', JSON.stringify(ended.failure));
  }

  async function takeBack({ id }: Job): Promise<void> {
    const undone = await undoJob(crew.stage.butler, { id }, 'person:test');
    assert.ok(undone.ok, JSON.stringify(undone));
    assert.deepEqual(undone.value.conflicts, []);
  }
});
