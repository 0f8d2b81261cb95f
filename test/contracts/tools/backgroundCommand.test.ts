import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { nap, runningWith } from '../../support/naps.ts';
import { until } from '../../support/until.ts';
import { type CommandGround, makeCommandGround } from './commandGround.ts';
import { kindOf, value } from './ground.ts';

describe('a command in the background', () => {
  let on: CommandGround;

  beforeEach(async () => {
    on = await makeCommandGround();
  });

  afterEach(() => on[Symbol.asyncDispose]());

  const tell = async (input: object, job = 'job-1') => {
    const parsed = on.processesTool.input.parse(input);
    const context = on.ground.context({ job });
    return on.processesTool.run(parsed, value(await on.processesTool.plan(parsed, context)), context);
  };

  it('goes on while the agent does, is listed, read and ended', async () => {
    const context = on.ground.context({ execution: 'server' });
    const ran = value(await on.run({ command: `echo ready; ${nap(431)}`, background: true }, context));
    assert.match(ran.output, /^It runs in the background as "server"\.\nready/);
    assert.equal(value(await tell({})).output, `server runs: echo ready; ${nap(431)}`);
    assert.match(value(await tell({ id: 'server' })).output, /^server runs: .*\nready$/);
    assert.match(value(await tell({ id: 'server', end: true })).output, /^server ended: /);
    assert.equal(runningWith(nap(431)), 0);
  });

  it('tells at once what ends at once', async () => {
    const ran = value(await on.run({ command: 'echo wrong; exit 4', background: true }));
    assert.match(ran.output, /^Exit code 4\.\nwrong/);
  });

  it('belongs to its job alone', async () => {
    const context = on.ground.context({ execution: 'mine' });
    value(await on.run({ command: nap(432), background: true }, context));
    assert.equal(value(await tell({}, 'job-2')).output, 'There are none.');
    assert.equal(kindOf(await tell({ id: 'mine', end: true }, 'job-2')), 'notFound');
    assert.ok(runningWith(nap(432)) > 0);
  });

  it('ends with its job, and others go on', async () => {
    for (const job of ['job-1', 'job-2']) {
      value(
        await on.run(
          { command: nap(job === 'job-1' ? 433 : 434), background: true },
          on.ground.context({ job }),
        ),
      );
    }
    await on.processes.endJob('job-1');
    assert.equal(runningWith(nap(433)), 0);
    assert.ok(runningWith(nap(434)) > 0);
    await on.processes.close();
    assert.equal(runningWith(nap(434)), 0);
  });

  it('cannot be undone, and the effect says so', async () => {
    const plan = value(await on.plan({ command: 'sleep 1', background: true }));
    assert.ok(plan.effects.every((effect) => effect.kind !== 'run' || effect.reversible === false));
    assert.match(plan.preview?.kind === 'text' ? plan.preview.text : '', /Cannot be undone/);
  });

  for (const how of ['held', 'free']) {
    const long = nap(how === 'held' ? 435 : 436);
    it(`does not outlive a worker that is killed (${how})`, async () => {
      const file = path.join(import.meta.dirname, 'doomedWorker.ts');
      const worker = spawn(process.execPath, [file, how, long], { stdio: ['ignore', 'pipe', 'inherit'] });
      const [said] = await once(worker.stdout, 'data');
      const workspace = String(said).trim();
      assert.ok(runningWith(long) > 0);
      const gone = once(worker, 'exit');
      worker.kill('SIGKILL');
      await gone;
      await until(() => runningWith(long) === 0);
      const ground = { ...on.ground, workspace, context: () => on.ground.context({ workspace }) };
      await using after = await makeCommandGround({ ground });
      value(await after.run({ command: 'true' }));
      assert.deepEqual(await readdir(workspace), [], 'what stood for its walls is taken away by the next');
      await rm(path.dirname(workspace), { recursive: true, force: true });
    });
  }
});
