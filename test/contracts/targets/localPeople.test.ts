import assert from 'node:assert/strict';
import { renameSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { recoverLeftovers, withStage } from '../../../server/adapters/targets/local/stage.ts';
import { standingIn } from '../../../server/adapters/targets/local/standing.ts';
import { local } from '../../../server/adapters/targets/local.ts';
import { bad, failures, good } from '../../../server/protocol/failure.ts';
import { type Ground, kindOf, makeGround, value } from '../tools/ground.ts';
import { contextOf, parcelOf } from './parcels.ts';

const folder = { folder: 'public' };

describe('a local folder in which others work meanwhile', function () {
  this.timeout(60_000);

  const at = (ground: Ground, ...names: string[]) => path.join(ground.workspace, ...names);
  const stageOf = (ground: Ground) => at(ground, '.public.butler-publish');

  it('has all that it had where somebody made it anew between the two renames', async () => {
    await using ground = await makeGround({ 'public/mine.txt': 'mine', 'public/own/deep.txt': 'deep' });
    const outcome = await withStage(ground.workspace, 'public', async (stage) => {
      await rename(stage.folder, path.join(stage.fresh, '../old'));
      await ground.write('public/theirs.txt', 'theirs');
      return bad(failures.tool('the disk failed', ''));
    });
    assert.equal(kindOf(outcome), 'tool');
    assert.deepEqual(await readdir(ground.workspace), ['public']);
    for (const [name, text] of [
      ['mine.txt', 'mine'],
      ['own/deep.txt', 'deep'],
      ['theirs.txt', 'theirs'],
    ]) {
      assert.equal(String(await ground.read(`public/${name}`)), text);
    }
  });

  it('is laid beside the one that somebody made anew where both hold a file of one name', async () => {
    await using ground = await makeGround({ 'public/mine.txt': 'mine' });
    await mkdir(path.join(stageOf(ground), 'new'), { recursive: true });
    await rename(at(ground, 'public'), path.join(stageOf(ground), 'old'));
    await ground.write('public/mine.txt', 'made anew');
    await recoverLeftovers(ground.workspace, 'public');
    assert.equal(String(await ground.read('public/mine.txt')), 'made anew');
    const [kept] = (await readdir(ground.workspace)).filter((name) => name.startsWith('public.butler-kept-'));
    assert.equal(String(await ground.read(`${kept}/mine.txt`)), 'mine');
  });

  it('is put back when the new version cannot take its place', async () => {
    await using ground = await makeGround({ 'public/mine.txt': 'mine' });
    const before = await ground.snapshot();
    const publishing = withStage(ground.workspace, 'public', async (stage) => {
      await rm(stage.fresh, { recursive: true });
      await stage.commit([]);
      return good(undefined);
    });
    await assert.rejects(publishing);
    assert.deepEqual(await ground.snapshot(), before);
  });

  it('keeps a file that arrived while it was taken away', async () => {
    await using ground = await makeGround();
    const context = contextOf(ground);
    value(await local.publish(await parcelOf(ground, { 'a.txt': 'a' }), folder, context));
    const outcome = await withStage(ground.workspace, 'public', async (stage) => {
      const { leaves } = await standingIn(stage.folder);
      await ground.write('public/late/note.txt', 'late');
      await stage.remove([...leaves.values()]);
      return good(undefined);
    });
    value(outcome);
    assert.deepEqual(Object.keys(await ground.snapshot()), ['public', 'public/late', 'public/late/note.txt']);
  });

  it('keeps what a person saved anew, and what is new, while the next version was made', async () => {
    await using ground = await makeGround({ 'public/notes.txt': 'before', 'public/sub/x.txt': 'x' });
    const context = {
      ...contextOf(ground),
      progress: () => {
        writeFileSync(at(ground, 'saved'), 'saved anew');
        renameSync(at(ground, 'saved'), at(ground, 'public/notes.txt'));
        writeFileSync(at(ground, 'public/sub/new.txt'), 'new');
      },
    };
    value(await local.publish(await parcelOf(ground, { 'a.txt': 'a' }), folder, context));
    assert.equal(String(await ground.read('public/notes.txt')), 'saved anew');
    assert.equal(String(await ground.read('public/sub/new.txt')), 'new');
    assert.deepEqual(await readdir(ground.workspace), ['public']);
  });

  it('is not replaced when a published file was changed while the next version was made', async () => {
    await using ground = await makeGround();
    value(
      await local.publish(await parcelOf(ground, { 'a.txt': 'a', 'b.txt': 'b' }), folder, contextOf(ground)),
    );
    const progress = () => writeFileSync(at(ground, 'public/a.txt'), 'by a person');
    const second = await parcelOf(ground, { 'a.txt': 'second', 'b.txt': 'b' });
    const outcome = await local.publish(second, folder, { ...contextOf(ground), progress });
    assert.equal(kindOf(outcome), 'conflict');
    assert.equal(String(await ground.read('public/a.txt')), 'by a person');
    assert.deepEqual(await readdir(ground.workspace), ['public']);
  });

  it('is not taken back when a published file was changed while the former version was made', async () => {
    await using ground = await makeGround({ 'public/b.txt': 'before' });
    const parcel = await parcelOf(ground, { 'a.txt': 'a', 'b.txt': 'b' });
    const { undo } = value(await local.publish(parcel, folder, contextOf(ground)));
    const blobs: typeof ground.blobs = {
      ...ground.blobs,
      open: async (digest, from) => {
        writeFileSync(at(ground, 'public/a.txt'), 'by a person');
        return ground.blobs.open(digest, from);
      },
    };
    assert.equal(kindOf(await local.unpublish(undo, { ...contextOf(ground), blobs })), 'conflict');
    assert.equal(String(await ground.read('public/a.txt')), 'by a person');
    assert.equal(String(await ground.read('public/b.txt')), 'b');
  });

  it('is not replaced by one who slept until another took its stage over', async () => {
    await using ground = await makeGround({ 'public/mine.txt': 'mine' });
    const owner = JSON.stringify({ host: 'elsewhere', pid: 1, token: 'x' });
    const publishing = withStage(ground.workspace, 'public', async (stage) => {
      await writeFile(path.join(stageOf(ground), 'owner.json'), owner);
      await stage.commit([]);
      return good(undefined);
    });
    await assert.rejects(publishing, /publishes to public at this moment/);
    assert.equal(String(await ground.read('public/mine.txt')), 'mine');
    assert.equal(String(await ground.read('.public.butler-publish/owner.json')), owner);
  });

  for (const [age, kind, says] of [
    [1, 'conflict', 'while that gives signs of life'],
    [11, 'ok', 'no longer, once that gave none for ten minutes'],
  ] as const) {
    it(`is held by a publication of another machine: ${says}`, async () => {
      await using ground = await makeGround();
      await mkdir(stageOf(ground));
      const owner = path.join(stageOf(ground), 'owner.json');
      await writeFile(owner, JSON.stringify({ host: 'elsewhere', pid: 1, token: 'x' }));
      const time = new Date(Date.now() - age * 60_000);
      for (const one of [owner, stageOf(ground)]) await utimes(one, time, time);
      const outcome = await local.publish(
        await parcelOf(ground, { 'a.txt': 'a' }),
        folder,
        contextOf(ground),
      );
      assert.equal(kindOf(outcome), kind);
      const told = outcome.ok || outcome.failure.what.includes('.public.butler-publish');
      assert.ok(told, 'the folder that holds others off is named');
      if (outcome.ok) assert.deepEqual(await readdir(ground.workspace), ['public']);
    });
  }
});
