import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { link, lstat, mkdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { deleteFile } from '../../../server/adapters/tools/deleteFile.ts';
import { moveFile } from '../../../server/adapters/tools/moveFile.ts';
import type { Tool } from '../../../server/core/ports/tool.ts';
import { setGround, undone } from './entryGround.ts';
import { call, kindOf, makeGround, openEditor, value } from './ground.ts';

describe('moving', () => {
  for (const [from, to] of [
    ['docs', 'moved/far/away'],
    ['docs/in/c.bin', 'docs/d.bin'],
    ['docs/link', 'docs/in/link'],
    ['docs/out', 'outward'],
    ['docs/dangling', 'dangling'],
    ['a.txt', 'A.txt'],
    ['docs/hollow', 'hollow'],
  ] as const) {
    it(`takes ${from} to ${to} as it is, and back`, async () => {
      await using ground = await setGround();
      const before = await ground.snapshot();
      const was = await lstat(path.join(ground.workspace, from));
      const { result } = await call(ground, moveFile as unknown as Tool, { from, to });
      const now = await lstat(path.join(ground.workspace, to));
      assert.equal(now.ino, was.ino);
      if (now.isSymbolicLink()) assert.ok(await readlink(path.join(ground.workspace, to)));
      assert.equal(await lstat(path.join(ground.workspace, from)).catch(() => null), null);
      assert.equal(await undone(moveFile as unknown as Tool, result.undo, ground), 'ok');
      assert.deepEqual(await ground.snapshot(), before);
    });
  }

  it('never overwrites, whatever stands there, and never moves a folder into itself', async () => {
    await using ground = await setGround();
    await link(path.join(ground.workspace, 'a.txt'), path.join(ground.workspace, 'twin.txt'));
    const before = await ground.snapshot();
    for (const [from, to, kind] of [
      ['a.txt', 'docs/b.txt', 'conflict'],
      ['a.txt', 'docs', 'conflict'],
      ['a.txt', 'docs/dangling', 'conflict'],
      ['a.txt', 'twin.txt', 'conflict'],
      ['docs/hollow', 'docs/in', 'conflict'],
      ['docs', 'docs/in/docs', 'invalid'],
      ['a.txt', 'a.txt', 'invalid'],
      ['.', 'x', 'invalid'],
      ['a.txt', '..', 'invalid'],
      ['missing', 'x', 'invalid'],
    ] as const) {
      assert.equal(kindOf(await moveFile.plan({ from, to }, ground.context())), kind, `${from} ${to}`);
    }
    assert.deepEqual(await ground.snapshot(), before);
  });

  it('gives way to what came to stand there between plan and run', async () => {
    await using ground = await setGround();
    for (const from of ['a.txt', 'docs', 'docs/link']) {
      const input = { from, to: 'there' };
      const plan = value(await moveFile.plan(input, ground.context()));
      await mkdir(path.join(ground.workspace, 'there'));
      const changed = await ground.snapshot();
      assert.equal(kindOf(await moveFile.run(input, plan, ground.context())), 'conflict');
      assert.deepEqual(await ground.snapshot(), changed);
      await rm(path.join(ground.workspace, 'there'), { recursive: true });
    }
  });

  it('shows both ends, and every guarded file that would come to lie somewhere', async () => {
    await using ground = await makeGround({
      'innocent/settings.json': '{}',
      'innocent/hooks/pre-commit': 'x',
    });
    for (const [to, guarded] of [
      ['.vscode', '.vscode/settings.json'],
      ['.git', '.git/hooks/pre-commit'],
    ] as const) {
      const plan = value(await moveFile.plan({ from: 'innocent', to }, ground.context()));
      const shown = plan.effects.map((effect) => `${effect.kind} ${'shown' in effect ? effect.shown : ''}`);
      assert.ok(shown.includes('delete innocent'));
      assert.ok(shown.includes(`write ${to}`));
      assert.ok(shown.includes(`write ${guarded}`));
    }
  });

  it('is asked for where a folder holds more than can be looked through', async () => {
    await using ground = await makeGround();
    for (let count = 0; count < 2_100; count++) await ground.write(`many/${count}`, '');
    await ground.write('many/zz/.env', 'A=1');
    const plan = value(await moveFile.plan({ from: 'many', to: 'there' }, ground.context()));
    assert.ok(plan.effects.every((effect) => 'reversible' in effect && !effect.reversible));
  });

  it('ends what the worker left between two names, or takes back what it claimed', async () => {
    await using ground = await setGround();
    const before = await ground.snapshot();
    const at = (name: string) => path.join(ground.workspace, name);
    const context = ground.context();
    const input = { from: 'a.txt', to: 'far/b.txt' };
    await call(ground, moveFile as unknown as Tool, input, context);
    await link(at('far/b.txt'), at('a.txt'));
    const found = await moveFile.reconcile?.(input, context);
    assert.equal(found?.state, 'done');
    assert.equal(existsSync(at('a.txt')), false);
    const undo = found?.state === 'done' ? found.result.undo : null;
    assert.equal(await undone(moveFile as unknown as Tool, undo, ground), 'ok');
    assert.deepEqual(await ground.snapshot(), before);
    const folder = { from: 'docs', to: 'far/docs' };
    const other = ground.context();
    await call(ground, moveFile as unknown as Tool, folder, other);
    await rename(at('far/docs'), at('docs'));
    await mkdir(at('far/docs'));
    assert.deepEqual(await moveFile.reconcile?.(folder, other), { state: 'notDone' });
    assert.deepEqual(await ground.snapshot(), before);
  });

  it('is not taken back where what was moved was changed', async () => {
    await using ground = await setGround();
    const { result } = await call(ground, moveFile as unknown as Tool, { from: 'docs', to: 'papers' });
    await ground.write('papers/in/c.bin', 'by a person');
    const changed = await ground.snapshot();
    assert.equal(await undone(moveFile as unknown as Tool, result.undo, ground), 'conflict');
    assert.deepEqual(await ground.snapshot(), changed);
  });
});

describe('deleting and moving', () => {
  it('waits for documents with unsaved changes, in folders too', async () => {
    await using ground = await setGround();
    const texts = new Map([[path.join(ground.workspace, 'docs/b.txt'), 'typed']]);
    const context = ground.context({ editor: openEditor(texts) });
    for (const name of ['docs', 'docs/b.txt']) {
      assert.equal(kindOf(await deleteFile.plan({ path: name }, context)), 'conflict');
      assert.equal(kindOf(await moveFile.plan({ from: name, to: 'x' }, context)), 'conflict');
    }
    texts.set(path.join(ground.workspace, 'docs/b.txt'), 'two\r\n');
    assert.equal(kindOf(await deleteFile.plan({ path: 'docs' }, context)), 'ok');
  });

  it('touches nothing outside, and nothing through a link', async () => {
    await using ground = await setGround();
    const secret = path.join(ground.outside, 'secret');
    for (const name of ['docs/out/secret', '../outside/secret', '../outside', secret]) {
      const plan = value(await deleteFile.plan({ path: name }, ground.context()));
      assert.ok(plan.effects.some((effect) => 'place' in effect && effect.place === 'outside'));
      assert.equal(kindOf(await deleteFile.run({ path: name }, plan, ground.context())), 'denied');
      for (const input of [
        { from: name, to: 'stolen' },
        { from: 'a.txt', to: `${name}-new` },
      ]) {
        const move = value(await moveFile.plan(input, ground.context()));
        assert.ok(move.effects.some((effect) => 'place' in effect && effect.place === 'outside'));
        assert.equal(kindOf(await moveFile.run(input, move, ground.context())), 'denied');
      }
    }
    assert.equal(await readFile(secret, 'utf8'), 'the secret');
    assert.ok(existsSync(path.join(ground.workspace, 'a.txt')));
  });

  it('does not follow a folder that is swapped for a link between plan and run, nor at undo', async () => {
    await using ground = await makeGround({ 'docs/a.txt': 'mine' });
    await writeFile(path.join(ground.outside, 'a.txt'), 'mine');
    const docs = path.join(ground.workspace, 'docs');
    for (const [tool, input] of [
      [deleteFile, { path: 'docs/a.txt' }],
      [moveFile, { from: 'docs/a.txt', to: 'b.txt' }],
    ] as unknown as readonly (readonly [Tool, unknown])[]) {
      const plan = value(await tool.plan(input, ground.context()));
      await rename(docs, `${docs}-away`);
      await symlink(ground.outside, docs);
      assert.notEqual(kindOf(await tool.run(input, plan, ground.context())), 'ok');
      await rm(docs);
      await rename(`${docs}-away`, docs);
      const { result } = await call(ground, tool, input);
      await rename(docs, `${docs}-away`);
      await symlink(ground.outside, docs);
      assert.notEqual(kindOf((await tool.undo?.(result.undo, ground.context())) as never), 'ok');
      await rm(docs);
      await rename(`${docs}-away`, docs);
      assert.equal(kindOf((await tool.undo?.(result.undo, ground.context())) as never), 'ok');
    }
    assert.equal(await readFile(path.join(ground.outside, 'a.txt'), 'utf8'), 'mine');
    assert.equal((await ground.read('docs/a.txt')).toString(), 'mine');
  });
});
