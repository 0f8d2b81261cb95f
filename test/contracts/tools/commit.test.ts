import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { commit } from '../../../server/adapters/tools/commit.ts';
import { makeGitGround, none } from './gitGround.ts';
import { call, kindOf, value } from './ground.ts';

describe('a commit', function () {
  this.timeout(60_000);

  it('holds what stands in the named files, leaves the rest, and is taken back and done again', async () => {
    await using ground = await makeGitGround({ 'a.txt': 'one\n', 'b.txt': 'two\n' });
    await ground.write('a.txt', 'changed\n');
    await ground.write('b.txt', 'not yet\n');
    await ground.write('c/new.txt', 'new\n');
    const before = ground.git('rev-parse', 'HEAD');
    const context = ground.context();
    const { plan, result } = await call(
      ground,
      commit,
      { message: 'feat: x', paths: ['a.txt', 'c'] },
      context,
    );
    assert.equal(plan.title, 'Commit 2 files on main');
    assert.deepEqual(
      ground.git('show', '--name-status', '--format=%an %s', 'HEAD').split('\n').filter(Boolean),
      ['Tester feat: x', 'M\ta.txt', 'A\tc/new.txt'],
    );
    assert.equal(ground.git('status', '--short'), ' M b.txt\n');
    assert.match(
      ground.git('log', '-1', '--format=%(trailers)'),
      new RegExp(`Execution: ${context.execution}`),
    );
    const made = ground.git('rev-parse', 'HEAD');
    for (const _ of [1, 2]) {
      assert.equal(kindOf((await commit.undo?.(result.undo, ground.context())) ?? none), 'ok');
      assert.equal(ground.git('rev-parse', 'HEAD'), before);
      assert.equal(String(await ground.read('a.txt')), 'changed\n');
    }
    assert.equal(kindOf((await commit.redo?.(result.undo, ground.context())) ?? none), 'ok');
    assert.equal(ground.git('rev-parse', 'HEAD'), made);
    ground.git('commit', '-q', '--allow-empty', '-m', 'later');
    assert.equal(kindOf((await commit.undo?.(result.undo, ground.context())) ?? none), 'conflict');
  });

  it('is the first of an empty repository as well, and can be taken back', async () => {
    await using ground = await makeGitGround();
    await rm(path.join(ground.workspace, '.git'), { recursive: true });
    ground.git('init', '-q', '-b', 'main');
    ground.git('config', 'user.name', 'T');
    ground.git('config', 'user.email', 't@example.com');
    const { result } = await call(ground, commit, { message: 'root' });
    assert.equal(ground.git('log', '--format=%s'), 'root\n');
    assert.equal(kindOf((await commit.undo?.(result.undo, ground.context())) ?? none), 'ok');
    assert.throws(() => ground.git('rev-parse', '--verify', 'HEAD'));
  });

  it('changes nothing when it is planned, and is refused when files or branch changed since', async () => {
    await using ground = await makeGitGround();
    await ground.write('a.txt', 'changed\n');
    const before = await ground.snapshot();
    const input = commit.input.parse({ message: 'x' });
    const plan = value(await commit.plan(input, ground.context()));
    assert.deepEqual(await ground.snapshot(), before);
    assert.deepEqual(value(await commit.plan(input, ground.context())), plan);
    await ground.write('a.txt', 'again\n');
    assert.equal(kindOf(await commit.run(input, plan, ground.context())), 'conflict');
    await ground.write('a.txt', 'changed\n');
    ground.git('switch', '-q', '-c', 'other');
    assert.equal(kindOf(await commit.run(input, plan, ground.context())), 'conflict');
    ground.git('switch', '-q', 'main');
    const stopped = ground.context({ signal: AbortSignal.abort() });
    assert.equal(kindOf(await commit.run(input, plan, stopped)), 'cancelled');
    assert.equal(ground.git('rev-list', '--count', 'HEAD'), '1\n');
  });

  it('tells after a crash whether it was made', async () => {
    await using ground = await makeGitGround();
    await ground.write('a.txt', 'changed\n');
    const context = ground.context();
    assert.deepEqual(await commit.reconcile?.({ message: 'x' }, context), { state: 'notDone' });
    const { result } = await call(ground, commit, { message: 'x' }, context);
    const found = await commit.reconcile?.({ message: 'x' }, context);
    assert.deepEqual(found, { state: 'done', result });
    assert.deepEqual(await commit.reconcile?.({ message: 'x' }, ground.context()), { state: 'notDone' });
  });

  it('names files that look like secrets, and refuses what a filter would change', async () => {
    await using ground = await makeGitGround();
    await ground.write('.env', 'A=1\n');
    const plan = value(await commit.plan({ message: 'x' }, ground.context()));
    assert.ok(plan.effects.some((effect) => effect.kind === 'read' && effect.shown === '.env'));
    await rm(path.join(ground.workspace, '.env'));
    await ground.write('.gitattributes', '*.bin filter=lfs\n');
    await ground.write('big.bin', 'bytes');
    assert.equal(kindOf(await commit.plan({ message: 'x' }, ground.context())), 'denied');
    assert.equal(
      kindOf(await commit.plan({ message: 'x', paths: ['.gitattributes'] }, ground.context())),
      'ok',
    );
  });

  it('takes paths as they are written: no pattern, no option, nothing outside', async () => {
    await using ground = await makeGitGround({ '*.txt': 'star\n', 'a.txt': 'one\n' });
    await ground.write('*.txt', 'changed\n');
    await ground.write('a.txt', 'changed\n');
    await call(ground, commit, { message: 'x', paths: ['*.txt'] });
    assert.equal(ground.git('status', '--short'), ' M a.txt\n');
    for (const paths of [['../outside'], ['/etc/passwd'], [''], ['a.txt', '~/x']]) {
      assert.notEqual(kindOf(await commit.plan({ message: 'x', paths }, ground.context())), 'ok', paths[0]);
    }
  });

  it('is refused in the middle of a merge, and where only some files are checked out', async () => {
    await using ground = await makeGitGround();
    await ground.write('a.txt', 'changed\n');
    await ground.write('.git/MERGE_HEAD', ground.git('rev-parse', 'HEAD'));
    assert.equal(kindOf(await commit.plan({ message: 'x' }, ground.context())), 'conflict');
    await rm(path.join(ground.workspace, '.git/MERGE_HEAD'));
    assert.equal(kindOf(await commit.plan({ message: 'x' }, ground.context())), 'ok');
    ground.git('config', 'core.sparseCheckout', 'true');
    assert.equal(kindOf(await commit.plan({ message: 'x' }, ground.context())), 'denied');
  });

  it('goes by what the files hold, whatever the index says of them', async () => {
    await using ground = await makeGitGround({ 'a.txt': 'one\n', 'b.txt': 'two\n', 'c.txt': 'three\n' });
    await ground.write('a.txt', 'staged\n');
    ground.git('add', 'a.txt');
    await ground.write('a.txt', 'later\n');
    ground.git('rm', '-q', '--cached', 'b.txt');
    await rm(path.join(ground.workspace, 'c.txt'));
    await call(ground, commit, { message: 'x' });
    assert.equal(ground.git('show', 'HEAD:a.txt'), 'later\n');
    assert.equal(ground.git('ls-tree', '--name-only', 'HEAD'), 'a.txt\nb.txt\n');
    assert.equal(ground.git('status', '--short'), '');
  });
});
