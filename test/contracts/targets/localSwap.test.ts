import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { recoverLeftovers, type Stage, withStage } from '../../../server/adapters/targets/local/stage.ts';
import { standingIn } from '../../../server/adapters/targets/local/standing.ts';
import { local } from '../../../server/adapters/targets/local.ts';
import { good } from '../../../server/protocol/failure.ts';
import { skipBecause } from '../../run/countReporter.ts';
import { type Ground, kindOf, makeGround, value } from '../tools/ground.ts';
import { contextOf, parcelOf } from './parcels.ts';

const folder = { folder: 'public' };
const marker = '.butler-publish.json';

describe('the moment in which a new version takes the place of a local folder', function () {
  this.timeout(60_000);

  const at = (ground: Ground, ...names: string[]) => path.join(ground.workspace, ...names);
  const stageOf = (ground: Ground) => at(ground, '.public.butler-publish');
  const published = async (ground: Ground, texts: Record<string, string>) =>
    value(await local.publish(await parcelOf(ground, texts), folder, contextOf(ground)));
  /** Saves as an editor does: beside it, and then by a rename. */
  const save = (ground: Ground, name: string, text: string) => {
    writeFileSync(at(ground, 'saved'), text);
    renameSync(at(ground, 'saved'), at(ground, name));
  };
  /** Puts a new version there, while a person saves after the last look at the old one. */
  const swap = async (ground: Ground, stage: Stage) => {
    const { leaves } = await standingIn(stage.folder);
    await copyFile(path.join(stage.folder, marker), path.join(stage.fresh, marker));
    await writeFile(path.join(stage.fresh, 'a.txt'), 'published');
    save(ground, 'public/a.txt', 'by a person');
    save(ground, 'public/gone.txt', 'by a person too');
    await stage.commit([...leaves.values()]);
  };
  const assertSaved = async (ground: Ground) => {
    assert.equal(String(await ground.read('public/a.txt')), 'by a person');
    assert.equal(String(await ground.read('public/gone.txt')), 'by a person too');
    assert.deepEqual(await readdir(ground.workspace), ['public']);
  };

  it('loses nothing that a person saved in it over a published file', async () => {
    await using ground = await makeGround();
    await published(ground, { 'a.txt': 'a', 'gone.txt': 'gone', 'old.txt': 'old' });
    const outcome = await withStage(ground.workspace, 'public', async (stage) => {
      await swap(ground, stage);
      return good(undefined);
    });
    value(outcome);
    await assertSaved(ground);
    assert.ok(!('public/old.txt' in (await ground.snapshot())), 'what was left out on purpose is gone');
  });

  it('loses nothing of that either where its process died right after', async () => {
    await using ground = await makeGround();
    await published(ground, { 'a.txt': 'a', 'gone.txt': 'gone', 'old.txt': 'old' });
    await withStage(ground.workspace, 'public', async (stage) => {
      await swap(ground, stage);
      await rm(path.join(stageOf(ground), 'owner.json'));
      return good(undefined);
    });
    assert.equal((await readdir(ground.workspace)).length, 2, 'it died before it cleaned up');
    await recoverLeftovers(ground.workspace, 'public');
    await assertSaved(ground);
  });

  it('loses nothing that a person saved while the folder was taken away', async () => {
    await using ground = await makeGround();
    await published(ground, { 'a.txt': 'a', 'b.txt': 'b' });
    const outcome = await withStage(ground.workspace, 'public', async (stage) => {
      const { leaves } = await standingIn(stage.folder);
      save(ground, 'public/a.txt', 'by a person');
      await stage.remove([...leaves.values()]);
      return good(undefined);
    });
    value(outcome);
    assert.deepEqual(Object.keys(await ground.snapshot()), ['public', 'public/a.txt']);
  });

  it('takes nothing into the new version that one brings who lost the stage meanwhile', async () => {
    await using ground = await makeGround({ 'public/mine.txt': 'mine' });
    await withStage(ground.workspace, 'public', async (stage) => {
      await rename(stageOf(ground), at(ground, 'taken-over'));
      await published(ground, { 'a.txt': 'by another' });
      await withStage(ground.workspace, 'public', async (other) => {
        await assert.rejects(writeFile(path.join(stage.fresh, 'late.txt'), 'late'), /ENOENT/);
        assert.deepEqual(await readdir(other.fresh), []);
        return good(undefined);
      });
      return good(undefined);
    });
    assert.deepEqual((await readdir(at(ground, 'public'))).sort(), [marker, 'a.txt', 'mine.txt']);
  });

  it('is not held up for ever by a dead owner whose number another process has by now', async () => {
    await using ground = await makeGround();
    await mkdir(stageOf(ground));
    const owner = path.join(stageOf(ground), 'owner.json');
    const host = hash('sha256', hostname()).slice(0, 12);
    await writeFile(owner, JSON.stringify({ host, pid: process.ppid, token: 'x' }));
    const publish = async () =>
      kindOf(await local.publish(await parcelOf(ground, { 'a.txt': 'a' }), folder, contextOf(ground)));
    assert.equal(await publish(), 'conflict');
    const long = new Date(Date.now() - 11 * 60_000);
    for (const one of [owner, stageOf(ground)]) await utimes(one, long, long);
    assert.equal(await publish(), 'ok');
    assert.deepEqual(await readdir(ground.workspace), ['public']);
  });
});

describe('a workspace that holds what looks like ours', () => {
  const at = (ground: Ground, ...names: string[]) => path.join(ground.workspace, ...names);

  it('leads us nowhere by a link beside the folder', async () => {
    await using ground = await makeGround({ 'precious/old/mine.txt': 'mine', 'public/x.txt': 'x' });
    await symlink(at(ground, 'precious'), at(ground, '.public.butler-publish-x'));
    await symlink(at(ground, 'precious'), at(ground, '.public.butler-publish'));
    const outcome = await local.publish(await parcelOf(ground, { 'a.txt': 'a' }), folder, contextOf(ground));
    assert.equal(kindOf(outcome), 'ok');
    assert.equal(String(await ground.read('precious/old/mine.txt')), 'mine');
    assert.ok(!('public/mine.txt' in (await ground.snapshot())));
  });

  for (const [name, where] of [
    [marker, 'public'],
    ['owner.json', '.public.butler-publish'],
  ] as const) {
    it(`makes us read nothing without an end through a link that is called "${name}"`, async function () {
      if (process.platform === 'win32') skipBecause(this, 'there is no such file');
      await using ground = await makeGround({ 'public/x.txt': 'x' });
      await mkdir(at(ground, where), { recursive: true });
      execFileSync('mkfifo', [at(ground, 'endless')]);
      await symlink(at(ground, 'endless'), at(ground, where, name));
      const outcome = await local.plan(await parcelOf(ground, { 'a.txt': 'a' }), folder, contextOf(ground));
      assert.equal(kindOf(outcome), name === marker ? 'conflict' : 'ok');
      await local.publish(await parcelOf(ground, { 'a.txt': 'a' }), folder, contextOf(ground));
      assert.equal(String(await ground.read('public/x.txt')), 'x');
    });
  }
});
