import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readGit } from '../../../server/adapters/tools/readGit.ts';
import { type GitGround, makeGitGround } from './gitGround.ts';
import { call, kindOf, makeGround, value } from './ground.ts';

const told = async (ground: GitGround, input: unknown) => (await call(ground, readGit, input)).result.output;

describe('what git knows', function () {
  this.timeout(60_000);

  it('is told: what changed, how, since when, by whom and on which branch', async () => {
    await using ground = await makeGitGround({ 'a.txt': 'one\n', 'src/b.txt': 'two\n' });
    await ground.write('a.txt', 'one and more\n');
    await ground.write('new.txt', 'x\n');
    assert.match(await told(ground, { what: 'status' }), /## main\n M a\.txt\n\?\? new\.txt/);
    assert.match(await told(ground, { what: 'diff' }), /-one\n\+one and more/);
    assert.equal(await told(ground, { what: 'diff', path: 'src' }), 'Nothing.');
    assert.equal(await told(ground, { what: 'staged' }), 'Nothing.');
    ground.git('add', 'a.txt');
    assert.match(await told(ground, { what: 'staged' }), /\+one and more/);
    assert.match(await told(ground, { what: 'log' }), /Tester .*main.*\n {4}first/);
    assert.match(await told(ground, { what: 'show', of: 'HEAD', path: 'src/b.txt' }), /first[\s\S]*\+two/);
    assert.match(await told(ground, { what: 'branches' }), /^\* main .* first/);
  });

  it('tells nothing of files that look like secrets unless the policy saw them', async () => {
    await using ground = await makeGitGround({ 'a.txt': 'one\n', '.env': 'A=1\n' });
    await ground.write('.env', 'A=2\n');
    const plan = value(await readGit.plan({ what: 'diff' }, ground.context()));
    assert.deepEqual(
      plan.effects.map((effect) => 'shown' in effect && effect.shown),
      ['.', '.env'],
    );
    const quiet = value(await readGit.plan({ what: 'diff', path: 'a.txt' }, ground.context()));
    await ground.write('.env', 'A=1\n');
    assert.equal(kindOf(await readGit.run({ what: 'diff' }, plan, ground.context())), 'conflict');
    assert.equal(kindOf(await readGit.run({ what: 'diff', path: 'a.txt' }, quiet, ground.context())), 'ok');
  });

  it('names a secret that a commit only moved away, whatever its new name', async () => {
    await using ground = await makeGitGround({ '.env': 'A=1\nB=2\nC=3\n' });
    ground.git('mv', '.env', 'plain.txt');
    ground.git('commit', '-q', '-m', 'moved');
    for (const input of [{ what: 'show' }, { what: 'diff', of: 'HEAD~1' }] as const) {
      const plan = value(await readGit.plan(input, ground.context()));
      assert.ok(plan.effects.some((effect) => 'shown' in effect && effect.shown === '.env'));
    }
  });

  it('is asked by names only: an option, a path outside or another repository is refused', async () => {
    await using ground = await makeGitGround();
    for (const point of ['--output=x', '-p', '--ext-diff', ':/x', 'HEAD:../x', '$(x)', 'a b', '']) {
      assert.equal(readGit.input.safeParse({ what: 'log', of: point }).success, false, point);
    }
    const out = await readGit.plan({ what: 'log', path: '../outside' }, ground.context());
    if (out.ok) {
      const run = await readGit.run({ what: 'log', path: '../outside' }, out.value, ground.context());
      assert.equal(kindOf(run), 'denied');
    }
  });

  it('is of no other repository than the one of this folder', async () => {
    await using victim = await makeGitGround({ 'secret.txt': 'secret\n' });
    const at = path.join(victim.workspace, '.git');
    const ways: Record<string, (workspace: string) => Promise<void>> = {
      file: (workspace) => writeFile(path.join(workspace, '.git'), `gitdir: ${at}\n`),
      link: (workspace) => symlink(at, path.join(workspace, '.git')),
      commondir: async (workspace) => {
        await mkdir(path.join(workspace, '.git'));
        await writeFile(path.join(workspace, '.git', 'HEAD'), 'ref: refs/heads/main\n');
        await writeFile(path.join(workspace, '.git', 'commondir'), `${at}\n`);
      },
      parts: async (workspace) => {
        await mkdir(path.join(workspace, '.git'));
        await writeFile(path.join(workspace, '.git', 'HEAD'), 'ref: refs/heads/main\n');
        for (const part of ['objects', 'refs']) {
          await symlink(path.join(at, part), path.join(workspace, '.git', part));
        }
      },
    };
    for (const [name, lay] of Object.entries(ways)) {
      await using ground = await makeGround();
      await lay(ground.workspace);
      const run = await readGit.plan({ what: 'show', of: 'HEAD' }, ground.context());
      assert.equal(kindOf(run), 'denied', name);
    }
    const work = path.join(victim.outside, 'tree');
    victim.git('worktree', 'add', '-q', '-b', 'side', work);
    const context = victim.context({ workspace: work });
    const plan = value(await readGit.plan({ what: 'status' }, context));
    assert.match(value(await readGit.run({ what: 'status' }, plan, context)).output, /## side/);
  });
});
