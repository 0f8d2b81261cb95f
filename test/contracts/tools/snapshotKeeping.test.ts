import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { chmod, readdir } from 'node:fs/promises';
import path from 'node:path';
import { openSnapshots } from '../../../server/adapters/snapshots/snapshots.ts';
import type { ToolContext } from '../../../server/core/ports/tool.ts';
import { skipBecause } from '../../run/countReporter.ts';
import { kindOf, value } from './ground.ts';
import { setScene, shell } from './snapshotScene.ts';

describe('keeping how a workspace stands', () => {
  it('runs nothing of the workspace: no hook, filter, monitor or configuration', async () => {
    await using scene = await setScene();
    const { ground } = scene;
    const trap = path.join(ground.outside, 'ran');
    shell(
      ground.workspace,
      `git init -q .
      printf '#!/bin/sh\\necho ran >> ${trap}\\ncat' > trap.sh; chmod 755 trap.sh
      printf '* filter=evil ident text eol=crlf working-tree-encoding=UTF-16\\n' > .gitattributes
      for at in . nested; do
        git -C $at config core.fsmonitor "$PWD/trap.sh"; git -C $at config filter.evil.clean "$PWD/trap.sh"
        git -C $at config filter.evil.smudge "$PWD/trap.sh"; git -C $at config filter.evil.process "$PWD/trap.sh"
        git -C $at config filter.evil.required true; git -C $at config core.hooksPath "$PWD"
        git -C $at config diff.external "$PWD/trap.sh"; git -C $at config core.sshCommand "$PWD/trap.sh"
      done
      cp trap.sh post-index-change; cp trap.sh .git/hooks/post-index-change; cp trap.sh git; cp trap.sh fsmonitor
      cp .gitattributes nested/.gitattributes`,
    );
    const before = await scene.tree();
    const undo = await scene.run(
      'printf two > a/one.txt; rm docs/windows.txt docs/ident.txt; printf 3 > nested/in/file',
    );
    value(await scene.snapshots.undo(undo, ground.context()));
    assert.deepEqual(await scene.tree(), before);
    assert.equal(existsSync(trap), false);
  });

  it('is refused for a root, a home folder, our own folder and folders too large, and says why', async () => {
    await using scene = await setScene();
    const { ground, home, snapshots } = scene;
    const { signal } = ground.context();
    const person = process.env.HOME ?? '/root';
    for (const folder of ['/', person, path.dirname(person), home, path.dirname(home)]) {
      const checked = await snapshots.check(folder, signal);
      assert.equal(kindOf(checked), 'tool', folder);
      if (!checked.ok) assert.match(checked.failure.what, /cannot be taken back/);
    }
    execFileSync('truncate', ['-s', '200M', path.join(ground.workspace, 'huge')]);
    const huge = await snapshots.take(ground.workspace, 'e', signal);
    assert.ok(!huge.ok && /huge is too large/.test(huge.failure.what));
    await ground.write('.gitignore', 'huge\n');
    assert.equal(kindOf(await snapshots.check(ground.workspace, signal)), 'ok');
  });

  it('stops when it is aborted, and the next one goes on', async () => {
    await using scene = await setScene();
    const { ground, snapshots } = scene;
    const stopped = await snapshots.take(ground.workspace, 'e', AbortSignal.abort());
    assert.equal(kindOf(stopped), 'cancelled');
    assert.equal(kindOf(await snapshots.take(ground.workspace, 'f', ground.context().signal)), 'ok');
  });

  it('goes on after a process that died in the middle and left its locks', async () => {
    await using scene = await setScene();
    const { ground, snapshots, home } = scene;
    await scene.run('printf two > a/one.txt');
    const [repository = ''] = await readdir(path.join(home, 'snapshots'));
    const folder = path.join(home, 'snapshots', repository);
    for (const index of await readdir(path.join(folder, 'indexes'))) {
      writeFileSync(path.join(folder, 'indexes', `${index}.${process.pid}.lock`), '');
      writeFileSync(path.join(folder, 'indexes', `${index}.${process.pid}`), 'half');
    }
    const lock = path.join(folder, 'butler.lock');
    execFileSync('touch', ['-d', '1 minute ago', lock]);
    const undo = await scene.run('printf three > a/one.txt');
    value(await snapshots.undo(undo, ground.context()));
    assert.equal((await ground.read('a/one.txt')).toString(), 'two');
  });

  it('keeps what several commands at once did in the same workspace', async () => {
    await using scene = await setScene();
    const { ground, snapshots } = scene;
    const other = openSnapshots({ home: scene.home });
    const before = await scene.tree();
    const all = await Promise.all(
      [snapshots, other, snapshots, other].map(async (one) => {
        const context = ground.context();
        const taken = value(await one.take(ground.workspace, context.execution, context.signal));
        return { one, context, taken };
      }),
    );
    for (const index of all.keys()) await ground.write(`by-${index}.txt`, `${index}`);
    const undos = await Promise.all(
      all.map(async ({ one, context, taken }) => value(await one.finish(taken, context))?.undo),
    );
    for (const [index, undo] of undos.entries())
      value((await all[index]?.one.undo(undo, ground.context())) as never);
    for (const index of [0, 1, 2, 3])
      assert.equal(existsSync(path.join(ground.workspace, `by-${index}.txt`)), false);
    assert.deepEqual(await scene.tree(), before);
  });

  it('gives back its room when executions are forgotten, and keeps that of the others', async () => {
    await using scene = await setScene();
    const { ground, snapshots } = scene;
    const noise = 'head -c 3000000 /dev/urandom >';
    const [first, second] = [ground.context(), ground.context()];
    const keep = async (context: ToolContext, line: string) => {
      const before = value(await snapshots.take(ground.workspace, context.execution, context.signal));
      shell(ground.workspace, line);
      return value(await snapshots.finish(before, context))?.undo;
    };
    const one = await keep(first, `${noise} big`);
    const two = await keep(second, `${noise} big2; rm big`);
    const size = await snapshots.size();
    assert.ok(size > 6_000_000, `${size}`);
    await snapshots.forget([first.execution], first.signal);
    value(await snapshots.undo(two, ground.context()));
    await snapshots.forget([second.execution], first.signal);
    assert.ok((await snapshots.size()) < 1_000_000, `${await snapshots.size()}`);
    assert.equal(kindOf(await snapshots.redo(two, ground.context())), 'conflict');
    assert.ok(one);
  });

  it('says what it cannot read, as an ordinary user', async function () {
    if (process.getuid?.() === 0) skipBecause(this, 'root may read every file');
    await using scene = await setScene();
    await chmod(path.join(scene.ground.workspace, 'a/one.txt'), 0o000);
    mkdirSync(path.join(scene.ground.workspace, 'shut'), { mode: 0o000 });
    assert.equal(
      kindOf(await scene.snapshots.check(scene.ground.workspace, AbortSignal.timeout(60_000))),
      'tool',
    );
  });
});
