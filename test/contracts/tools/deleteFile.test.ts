import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, lstat, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { deleteFile } from '../../../server/adapters/tools/deleteFile.ts';
import type { Tool } from '../../../server/core/ports/tool.ts';
import { setGround, undone } from './entryGround.ts';
import { call, kindOf, makeGround, value } from './ground.ts';

describe('deleting', () => {
  for (const name of ['docs', 'docs/link', 'docs/out', 'docs/dangling', 'docs/hollow', 'docs/in/nothing']) {
    it(`takes away ${name} and nothing that a link leads to, and brings it back byte for byte`, async () => {
      await using ground = await setGround();
      const before = await ground.snapshot();
      const { result, plan } = await call(ground, deleteFile as unknown as Tool, { path: name });
      assert.equal(await lstat(path.join(ground.workspace, name)).catch(() => null), null);
      assert.equal(await readFile(path.join(ground.outside, 'secret'), 'utf8'), 'the secret');
      assert.deepEqual(plan.effects[0], {
        kind: 'delete',
        path: path.join(ground.workspace, name),
        shown: name,
        place: 'workspace',
        reversible: true,
      });
      assert.equal(await undone(deleteFile as unknown as Tool, result.undo, ground), 'ok');
      assert.deepEqual(await ground.snapshot(), before);
    });
  }

  it('names every guarded file that goes with a folder', async () => {
    await using ground = await makeGround({ 'sub/.env': 'A=1', 'sub/.git/config': 'x', 'sub/plain': 'x' });
    const plan = value(await deleteFile.plan({ path: 'sub' }, ground.context()));
    const shown = plan.effects.map((effect) => ('shown' in effect ? effect.shown : ''));
    assert.deepEqual(shown.slice(0, 1), ['sub']);
    for (const guarded of ['sub/.env', 'sub/.git/config']) assert.ok(shown.includes(guarded), guarded);
    assert.ok(!shown.includes('sub/plain'));
  });

  it('says of what is too much to be kept that it is gone for good, and removes it all', async () => {
    await using ground = await makeGround();
    for (let count = 0; count < 2_100; count++) await ground.write(`many/${count}`, '');
    await symlink(ground.outside, path.join(ground.workspace, 'many/out'));
    await writeFile(path.join(ground.outside, 'secret'), 'the secret');
    const { plan, result } = await call(ground, deleteFile as unknown as Tool, { path: 'many' });
    assert.ok(plan.effects.every((effect) => 'reversible' in effect && !effect.reversible));
    assert.ok(plan.preview?.kind === 'text' && plan.preview.text.includes('cannot be undone'));
    assert.equal(result.undo, undefined);
    assert.equal(existsSync(path.join(ground.workspace, 'many')), false);
    assert.ok(existsSync(path.join(ground.outside, 'secret')));
  });

  it('does nothing to what changed since it was looked at, deep inside too', async () => {
    await using ground = await setGround();
    const input = { path: 'docs' };
    const plan = value(await deleteFile.plan(input, ground.context()));
    await ground.write('docs/in/c.bin', 'by a person');
    const changed = await ground.snapshot();
    assert.equal(kindOf(await deleteFile.run(input, plan, ground.context())), 'conflict');
    assert.deepEqual(await ground.snapshot(), changed);
  });

  it('is not taken back over what came to stand there: then nothing is', async () => {
    await using ground = await setGround();
    const { result } = await call(ground, deleteFile as unknown as Tool, { path: 'docs' });
    await ground.write('docs/b.txt', 'by a person');
    const changed = await ground.snapshot();
    assert.equal(await undone(deleteFile as unknown as Tool, result.undo, ground), 'conflict');
    assert.deepEqual(await ground.snapshot(), changed);
    const shown = await deleteFile.differences?.(result.undo, ground.context(), 'undo');
    assert.deepEqual(shown, [{ path: 'docs/b.txt', before: 'by a person', after: 'two\r\n' }]);
  });

  it('brings a folder back that was half deleted when the worker died', async () => {
    await using ground = await setGround();
    const before = await ground.snapshot();
    const context = ground.context();
    await call(ground, deleteFile as unknown as Tool, { path: 'docs' }, context);
    await mkdir(path.join(ground.workspace, 'docs'));
    await ground.write('docs/b.txt', 'two\r\n');
    await chmod(path.join(ground.workspace, 'docs/b.txt'), 0o640);
    assert.deepEqual(await deleteFile.reconcile?.({ path: 'docs' }, context), { state: 'notDone' });
    assert.deepEqual(await ground.snapshot(), before);
  });

  it('knows nothing of what another one deleted', async () => {
    await using ground = await setGround();
    await rm(path.join(ground.workspace, 'a.txt'));
    const context = ground.context();
    assert.deepEqual(await deleteFile.reconcile?.({ path: 'a.txt' }, context), { state: 'unknown' });
  });
});
