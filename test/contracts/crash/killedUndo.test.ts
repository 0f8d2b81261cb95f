import assert from 'node:assert/strict';
import path from 'node:path';
import { createJob } from '../../../server/core/jobs.ts';
import { redoJob } from '../../../server/core/redo.ts';
import { undoJob } from '../../../server/core/undo.ts';
import type { Job } from '../../../server/protocol/job.ts';
import { killCount } from '../../support/killCount.ts';
import { killedChild, type Lived, momentAt, playUntilDead } from '../../support/killedChild.ts';
import { approveAll } from '../conversations/approveAll.ts';
import { type Crew, calls, says, scripted, setCrew } from '../conversations/crew.ts';
import { snapshotOf } from '../tools/ground.ts';

const butler = path.join(import.meta.dirname, '../../../dist/butler.mjs');
/** How often it is killed on each way. */
const kills = killCount(1);

describe(`taking back and doing again, killed at ${kills} random moments each`, function () {
  this.timeout(60_000 + kills * 10_000);
  let crew: Crew;

  beforeEach(async () => {
    crew = await setCrew();
  });
  afterEach(() => crew.close());

  it('ends rightly when it is asked for again, with nothing left behind', async () => {
    const { workspace } = crew.stage;
    const before = await snapshotOf(workspace);
    const job = await work();
    const after = await snapshotOf(workspace);
    const ways = [
      { way: 'undo', go: undoJob, wanted: before },
      { way: 'redo', go: redoJob, wanted: after },
    ] as const;
    const acts: number[] = [];
    for (const { way, wanted } of ways) {
      acts.push((await child(way, job))?.laps[0] ?? 0);
      assert.deepEqual(await snapshotOf(workspace), wanted, way);
    }
    await playUntilDead(kills, async (share) => {
      let died = 0;
      for (const [index, { way, go, wanted }] of ways.entries()) {
        const lived = await child(way, job, momentAt(acts[index] ?? 0, share));
        died += lived ? 0 : 1;
        const report = await go(crew.stage.butler, { id: job.id }, 'person:test');
        if (report.ok) assert.deepEqual(report.value.conflicts, [], way);
        else assert.match(report.failure.what, /nothing/);
        assert.deepEqual(await snapshotOf(workspace), wanted, way);
      }
      return died === ways.length;
    });
    assert.equal((await crew.stage.butler.store.verify()).state, 'clean');
  });

  /** Has a job do much in every way that can be taken back. */
  async function work(): Promise<Job> {
    const { stage } = crew;
    const many = 'for i in $(seq 30); do mkdir -p many/$i; echo $i > many/$i/file; done; echo x >> README.md';
    const script = [
      calls('run_command', { command: many }),
      calls('move_file', { from: 'many/1', to: 'moved/deep/er' }),
      calls('delete_file', { path: 'docs' }),
      calls('run_command', { command: 'rm -r many/2*; chmod 700 many; ln -s README.md link' }),
      calls('write_file', { path: 'new/file.txt', content: 'new\n' }),
      calls('delete_file', { path: 'many' }),
    ];
    crew.work('one', { provider: scripted(...script, says('Done.')).provider });
    const { workspace } = stage;
    const asked = { ability: 'butler', workspace, text: 'Work', kind: 'task', mode: 'allow' } as const;
    const created = await createJob(stage.butler, asked, 'person:test');
    assert.ok(created.ok);
    const stop = approveAll(stage);
    const ended = await stage.end(created.value);
    stop();
    await crew.dismiss();
    const done = await stage.butler.store.executions(ended.id);
    assert.deepEqual(
      done.map(({ undoable }) => undoable),
      script.map(() => true),
    );
    return ended;
  }

  /** Goes one way by the command line, in a process that is killed at a moment where one is given. */
  function child(way: string, job: Job, moment?: number): Promise<Lived | null> {
    const { workspace, home } = crew.stage;
    const environment = { BUTLER_HOME: home, BUTLER_KEYCHAIN: 'off' };
    return killedChild(butler, ['--workspace', workspace, way, job.id], moment, environment);
  }
});
