import assert from 'node:assert/strict';
import { switchBranch } from '../../../server/adapters/tools/switchBranch.ts';
import { attempt, makeGitGround, none } from './gitGround.ts';
import { call, kindOf, value } from './ground.ts';

describe('a branch', function () {
  this.timeout(60_000);

  it('is made and switched to, carries what is not committed, and is taken back', async () => {
    await using ground = await makeGitGround();
    await ground.write('a.txt', 'in work\n');
    const { result } = await call(ground, switchBranch, { name: 'feature/x', create: true });
    assert.equal(ground.git('branch', '--show-current'), 'feature/x\n');
    assert.equal(String(await ground.read('a.txt')), 'in work\n');
    for (const _ of [1, 2]) {
      assert.equal(kindOf((await switchBranch.undo?.(result.undo, ground.context())) ?? none), 'ok');
      assert.equal(ground.git('branch', '--format=%(refname:short)'), 'main\n');
    }
    assert.equal(String(await ground.read('a.txt')), 'in work\n');
  });

  it('is not deleted by undo once there is work on it', async () => {
    await using ground = await makeGitGround();
    const { result } = await call(ground, switchBranch, { name: 'x', create: true });
    ground.git('commit', '-q', '--allow-empty', '-m', 'work');
    assert.equal(kindOf((await switchBranch.undo?.(result.undo, ground.context())) ?? none), 'conflict');
    assert.equal(ground.git('branch', '--show-current'), 'x\n');
  });

  it('names every guarded file that the switch would change, and overwrites nothing', async () => {
    await using ground = await makeGitGround();
    ground.git('switch', '-q', '-c', 'other');
    await ground.write('.vscode/settings.json', '{}');
    await ground.write('a.txt', 'theirs\n');
    ground.git('add', '-A');
    ground.git('commit', '-q', '-m', 'settings');
    ground.git('switch', '-q', 'main');
    const plan = value(await switchBranch.plan({ name: 'other', create: false }, ground.context()));
    assert.deepEqual(
      plan.effects.map((effect) => 'shown' in effect && effect.shown),
      ['git: switch to other', '.vscode/settings.json'],
    );
    await ground.write('a.txt', 'mine\n');
    const run = await attempt(switchBranch, { name: 'other' }, ground.context());
    assert.equal(kindOf(run), 'tool');
    assert.equal(String(await ground.read('a.txt')), 'mine\n');
    assert.equal(ground.git('branch', '--show-current'), 'main\n');
  });

  it('tells after a crash whether the switch was made, and can still be taken back', async () => {
    await using ground = await makeGitGround();
    const input = { name: 'x', create: true };
    assert.deepEqual(await switchBranch.reconcile?.(input, ground.context()), { state: 'notDone' });
    await call(ground, switchBranch, input);
    const found = await switchBranch.reconcile?.(input, ground.context());
    assert.equal(found?.state, 'done');
    const undo = found?.state === 'done' ? found.result.undo : null;
    assert.equal(kindOf((await switchBranch.undo?.(undo, ground.context())) ?? none), 'ok');
    assert.equal(ground.git('branch', '--show-current'), 'main\n');
  });
});
