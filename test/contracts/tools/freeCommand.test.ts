import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { decide, noPolicies } from '../../../server/core/policy/decide.ts';
import { nap, runningWith } from '../../support/naps.ts';
import { until } from '../../support/until.ts';
import { type CommandGround, makeCommandGround } from './commandGround.ts';
import { value } from './ground.ts';

describe('a command that nothing holds', () => {
  let on: CommandGround;

  beforeEach(async () => {
    on = await makeCommandGround({ files: { 'a.txt': 'one\n' }, programs: [] });
  });

  afterEach(() => on[Symbol.asyncDispose]());

  it('is what there is where bubblewrap is missing, and what mends it is said', async () => {
    const state = await on.sandbox.state();
    assert.ok(!state.holds);
    assert.match(state.mend, /apt-get install bubblewrap/);
  });

  it('says so in its effects and in what a person is shown, and is asked for in every mode', async () => {
    const plan = value(await on.plan({ command: 'ls' }));
    const runs = plan.effects.filter((effect) => effect.kind === 'run');
    assert.ok(runs.length > 0 && runs.every((effect) => effect.sandboxed === false));
    const text = plan.preview?.kind === 'text' ? plan.preview.text : '';
    assert.match(text, /NOT held by a sandbox: bubblewrap is not installed.*apt-get install/);
    for (const mode of ['ask', 'assisted', 'allow'] as const) {
      const grants = [{ tool: 'run_command', effects: plan.effects }];
      const verdict = decide(plan.effects, {
        tool: 'run_command',
        mode,
        trusted: true,
        grants,
        policies: noPolicies,
        ability: 'site',
        workspace: on.ground.workspace,
      });
      assert.deepEqual([verdict.decision, verdict.protected], ['ask', true], mode);
    }
  });

  it('runs, is taken back, and has no key in its environment', async () => {
    const before = await on.ground.snapshot();
    const context = on.ground.context();
    const ran = value(await on.run({ command: 'env; echo two > a.txt' }, context));
    assert.match(ran.output, /^Exit code 0\./);
    assert.doesNotMatch(ran.output, /canary/i);
    value((await on.tool.undo?.(ran.undo, context)) as never);
    assert.deepEqual(await on.ground.snapshot(), before);
  });

  it('is not run where a sandbox came or went since it was planned', async () => {
    const held = await makeCommandGround();
    try {
      const input = on.tool.input.parse({ command: 'true' });
      const context = held.ground.context();
      const plan = value(await held.tool.plan(input, context));
      const ran = await on.tool.run(input, plan, context);
      assert.ok(!ran.ok && ran.failure.kind === 'conflict');
    } finally {
      await held[Symbol.asyncDispose]();
    }
  });

  it('stops at once with all that it started, whatever it ignores or leaves', async () => {
    const stop = new AbortController();
    const context = on.ground.context({ signal: stop.signal });
    const command = `trap '' TERM HUP INT; (setsid ${nap(441)} &) ; nohup ${nap(441)} & touch up; while :; do sleep 0.1; done`;
    const running = on.run({ command }, context);
    await until(() => existsSync(path.join(on.ground.workspace, 'up')));
    stop.abort('abort');
    await running;
    assert.equal(runningWith(nap(441)), 0);
  });

  it('keeps within its limits too', async () => {
    const ran = value(await on.run({ command: 'ulimit -c; ulimit -t; sleep 50', seconds: 3 }));
    assert.match(ran.output, /^Stopped: it took longer/);
    assert.match(ran.output, /^0\n12$/m);
  });

  it('leaves nothing running when it ends', async () => {
    value(await on.run({ command: `(setsid ${nap(442)} >/dev/null 2>&1 &); echo done` }));
    assert.equal(runningWith(nap(442)), 0);
  });
});
