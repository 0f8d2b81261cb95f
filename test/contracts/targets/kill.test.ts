import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { recoverLeftovers, withStage } from '../../../server/adapters/targets/local/stage.ts';
import { local } from '../../../server/adapters/targets/local.ts';
import type { Target } from '../../../server/core/ports/target.ts';
import { good } from '../../../server/protocol/failure.ts';
import { killCount } from '../../support/killCount.ts';
import { makeGround, snapshotOf, value } from '../tools/ground.ts';
import { playDeaths } from './deaths.ts';
import { contextOf, parcelOf } from './parcels.ts';

const kills = killCount(6);

describe('a publication whose process is killed', function () {
  this.timeout(60_000);

  it('leaves the old tree or the new one, tells which, and nothing of ours beside it', async function () {
    this.timeout(60_000 + kills * 5_000);
    await using ground = await makeGround({ 'public/CNAME': 'mine' });
    const blobs = path.join(ground.workspace, '../own');
    const config = { folder: 'public' };
    const first = await parcelOf(ground, textsOf('old'));
    value(await local.publish(first, config, contextOf(ground)));
    const before = await ground.snapshot();
    await playDeaths(kills, async (round) => {
      const parcel = await parcelOf(ground, textsOf(`round ${round}`));
      return {
        target: local as Target,
        config,
        parcel,
        context: contextOf(ground),
        given: { credential: null, workspace: ground.workspace, blobs },
        isRight: async (stands) => {
          if (!stands) return assert.deepEqual(await ground.snapshot(), before, `round ${round}`);
          const tree = await snapshotOf(path.join(ground.workspace, 'public'));
          assert.ok(tree.CNAME, 'what is not ours is still there');
          const files = Object.entries(tree).filter(([name]) => name.endsWith('.txt'));
          const mode = (0o666 & ~process.umask()).toString(8);
          const whole = parcel.files.map((file) => [file.path, `file ${mode} ${file.digest}`]);
          assert.deepEqual(files, whole, `round ${round}`);
          assert.deepEqual(await readdir(ground.workspace), ['public'], 'nothing of ours lies beside it');
        },
      };
    });
  });

  it('takes the folders above with it that it made, however far it came with them', async () => {
    await using ground = await makeGround({ 'a.txt': 'mine' });
    const before = await ground.snapshot();
    const config = { folder: 'far/off/site' };
    const at = (name: string) => path.join(ground.workspace, name);
    const parcel = await parcelOf(ground, { 'index.html': 'one' });
    let noted: unknown;
    const note = async (value: unknown) => {
      noted = JSON.parse(JSON.stringify(value));
    };
    const { undo } = value(await local.publish(parcel, config, { ...contextOf(ground), note }));
    value(await local.unpublish(undo, contextOf(ground)));
    assert.deepEqual(await ground.snapshot(), before);
    for (const there of ['far', 'far/off']) {
      await mkdir(at(there), { recursive: true });
      const context = { ...contextOf(ground), noted, note };
      const again = value(await local.publish(parcel, config, context));
      value(await local.unpublish(again.undo, contextOf(ground)));
      assert.deepEqual(await ground.snapshot(), before, 'one that goes on');
      await mkdir(at(there), { recursive: true });
      assert.equal(await local.reconcile(parcel, config, context), null);
      assert.deepEqual(await ground.snapshot(), before, 'one that looks');
      await mkdir(at('far'), { recursive: true });
      value(await local.unpublish(again.undo, contextOf(ground)));
      assert.deepEqual(await ground.snapshot(), before, 'one that takes it back');
    }
  });

  it('is put back when it was killed between its two renames', async () => {
    await using ground = await makeGround({ 'public/index.html': 'old' });
    const before = await ground.snapshot();
    const stage = path.join(ground.workspace, '.public.butler-publish');
    await mkdir(path.join(stage, 'new'), { recursive: true });
    await writeFile(path.join(stage, 'new', 'index.html'), 'new');
    const dead = { host: hash('sha256', hostname()).slice(0, 12), pid: await deadProcess(), token: 'x' };
    await writeFile(path.join(stage, 'owner.json'), JSON.stringify(dead));
    await rename(path.join(ground.workspace, 'public'), path.join(stage, 'old'));
    await recoverLeftovers(ground.workspace, 'public');
    assert.deepEqual(await ground.snapshot(), before);
  });

  it('leaves nothing when it was killed while it made its stage or took its old version away', async () => {
    await using ground = await makeGround({ 'public/index.html': 'new' });
    const before = await ground.snapshot();
    const host = hash('sha256', hostname()).slice(0, 12);
    const made = `.public.butler-publish-${host}.${await deadProcess()}.x.y`;
    await mkdir(path.join(ground.workspace, made));
    await mkdir(path.join(ground.workspace, '.public.butler-publish', 'gone', 'rest'), { recursive: true });
    await recoverLeftovers(ground.workspace, 'public');
    assert.deepEqual(await ground.snapshot(), before);
  });

  it('holds off a second one while it lives', async () => {
    await using ground = await makeGround();
    const outcome = await withStage(ground.workspace, 'public', async () => {
      const second = await withStage(ground.workspace, 'public', async () => good('in'));
      return good(second.ok ? 'in' : second.failure.kind);
    });
    assert.deepEqual(outcome, good('conflict'));
    assert.deepEqual(await ground.snapshot(), {});
  });
});

/** The number of a process that has ended. */
async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}

function textsOf(what: string): Record<string, string> {
  return Object.fromEntries(Array.from({ length: 8 }, (_, file) => [`f${10 + file}.txt`, `${what} ${file}`]));
}
