import assert from 'node:assert/strict';
import { access, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { commit } from '../../../server/adapters/tools/commit.ts';
import { readGit } from '../../../server/adapters/tools/readGit.ts';
import { switchBranch } from '../../../server/adapters/tools/switchBranch.ts';
import { attempt, makeGitGround, none, setTraps } from './gitGround.ts';
import { kindOf, value } from './ground.ts';

describe('a hostile repository', function () {
  this.timeout(60_000);

  it('starts no program by any of its settings, hooks, drivers and impostors (SECURITY S4)', async () => {
    await using ground = await makeGitGround({ 'a.txt': 'one\n', 'b.md': 'two\n' });
    ground.git('branch', 'other');
    const traps = await setTraps(ground);
    await ground.write('a.txt', 'changed\n');
    await ground.write('b.md', 'changed\n');
    const path_ = process.env.PATH;
    process.env.PATH = `${path.join(ground.workspace, 'bin')}:${path_}`;
    try {
      for (const what of ['status', 'diff', 'staged', 'log', 'show', 'branches']) {
        const input = readGit.input.parse({ what });
        const plan = value(await readGit.plan(input, ground.context()));
        value(await readGit.run(input, plan, ground.context()));
        assert.equal(await traps.sprung(), false, what);
      }
      assert.equal(kindOf(await attempt(commit, { message: 'x' }, ground.context())), 'denied');
      await writeFile(path.join(ground.workspace, '.git', 'info', 'attributes'), '* diff=evil merge=evil\n');
      const made = await attempt(commit, { message: 'x', paths: ['a.txt', 'b.md'] }, ground.context());
      assert.equal(kindOf(made), 'ok');
      assert.equal(await traps.sprung(), false, 'commit');
      assert.equal(kindOf(await attempt(switchBranch, { name: 'other' }, ground.context())), 'ok');
      assert.equal(
        kindOf(await attempt(switchBranch, { name: 'new', create: true }, ground.context())),
        'ok',
      );
      const undo = made.ok ? made.value.undo : null;
      assert.equal(kindOf((await commit.undo?.(undo, ground.context())) ?? none), 'ok');
      assert.equal(await traps.sprung(), false, 'switch and undo');
    } finally {
      process.env.PATH = path_;
    }
  });

  it('is not touched where a filter is named so that nothing could switch it off', async () => {
    await using ground = await makeGitGround();
    const traps = await setTraps(ground);
    ground.git('config', 'filter.a=b.clean', path.join(ground.workspace, 'trap.sh'));
    assert.equal(kindOf(await attempt(readGit, { what: 'diff' }, ground.context())), 'denied');
    assert.equal(await traps.sprung(), false);
  });

  it('starts none by what lies within: a submodule, or a repository in a folder of its own', async () => {
    await using other = await makeGitGround({ 'x.txt': 'x\n' });
    await using ground = await makeGitGround();
    ground.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', other.workspace, 'sub');
    ground.git('commit', '-q', '-m', 'sub');
    ground.git('branch', 'other');
    ground.git('clone', '-q', other.workspace, path.join(ground.workspace, 'nested'));
    const trap = path.join(ground.outside, 'trap.sh');
    const mark = path.join(ground.outside, 'sprung');
    await writeFile(trap, `#!/bin/sh\necho "$*" >> '${mark}'\ncat\n`, { mode: 0o755 });
    for (const inner of ['sub', 'nested']) {
      for (const key of ['core.fsmonitor', 'filter.evil.clean', 'core.hooksPath', 'diff.external']) {
        ground.git('-C', inner, 'config', key, trap);
      }
      await ground.write(`${inner}/.gitattributes`, '* filter=evil\n');
      await ground.write(`${inner}/x.txt`, 'changed\n');
    }
    ground.git('config', 'submodule.sub.update', `!${trap}`);
    for (const what of ['status', 'diff', 'staged', 'log', 'show']) {
      const input = readGit.input.parse({ what });
      value(await readGit.run(input, value(await readGit.plan(input, ground.context())), ground.context()));
    }
    await ground.write('a.txt', 'changed\n');
    assert.equal(kindOf(await attempt(commit, { message: 'x' }, ground.context())), 'ok');
    assert.equal(kindOf(await attempt(switchBranch, { name: 'other' }, ground.context())), 'ok');
    await assert.rejects(access(mark));
  });

  it('would start them for a git that is not kept clean', async () => {
    await using ground = await makeGitGround();
    const traps = await setTraps(ground);
    await ground.write('a.txt', 'changed\n');
    try {
      ground.git('--work-tree=.', 'diff');
    } catch {
      // What a trap answers is of no use to git.
    }
    assert.equal(await traps.sprung(), true);
  });
});
