import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { local } from '../../../server/adapters/targets/local.ts';
import { recoverLeftovers, withStage } from '../../../server/adapters/targets/stage.ts';
import type { Parcel, TargetContext } from '../../../server/core/ports/target.ts';
import { good } from '../../../server/protocol/failure.ts';
import { killedAfter } from '../../support/killedChild.ts';
import { folderBlobs, makeGround, snapshotOf, value } from '../tools/ground.ts';

const rounds = 24;

describe('a publication whose process is killed', function () {
  this.timeout(60_000);

  it('leaves the old tree or the new one, tells which, and nothing of ours beside it', async function () {
    this.timeout(240_000);
    await using ground = await makeGround({ 'public/CNAME': 'mine' });
    const store = path.join(ground.workspace, '../own');
    const blobs = folderBlobs(store);
    const contextFor = (execution: string): TargetContext => ({
      workspace: ground.workspace,
      execution,
      signal: new AbortController().signal,
      blobs,
      now: () => 0,
      ownFolders: [],
      credential: async () => null,
      progress: () => {},
    });
    const parcelFor = (round: number) => parcelOf(blobs, round);
    const first = await parcelFor(0);
    value(await local.publish(first, { folder: 'public' }, contextFor('round-0')));
    let standing = { round: 0, parcel: first };
    const ends = { old: 0, new: 0 };
    let span = 0;
    for (let round = 1; round <= rounds; round++) {
      const parcel = await parcelFor(round);
      const errand = path.join(store, 'errand.json');
      const execution = `round-${round}`;
      await writeFile(
        errand,
        JSON.stringify({ workspace: ground.workspace, blobs: store, execution, parcel }),
      );
      span = Math.max(span, await publishAndKill(errand, round === 1 ? 60_000 : Math.random() * span * 1.2));
      const found = await local.reconcile(parcel, { folder: 'public' }, contextFor(execution));
      if (found) standing = { round, parcel };
      ends[found ? 'new' : 'old']++;
      const tree = await snapshotOf(path.join(ground.workspace, 'public'));
      assert.ok(tree.CNAME, 'what is not ours is still there');
      const files = Object.entries(tree).filter(
        ([name, what]) => what.startsWith('file') && name.endsWith('.txt'),
      );
      const expected = standing.parcel.files.map((file) => [file.path, `file 644 ${file.digest}`]);
      assert.deepEqual(files, expected, `round ${round}: the whole tree of round ${standing.round}`);
      assert.deepEqual(await readdir(ground.workspace), ['public'], 'nothing of ours lies beside it');
    }
    assert.equal(ends.old + ends.new, rounds);
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

/** Starts a publication in a process of its own and kills it after a while; answers how long it took when it was let be. */
async function publishAndKill(errand: string, moment: number): Promise<number> {
  return killedAfter(path.join(import.meta.dirname, 'publisher.ts'), errand, moment);
}

async function parcelOf(blobs: TargetContext['blobs'], round: number): Promise<Parcel> {
  const files: Parcel['files'][number][] = [];
  for (let index = 10; index < 50; index++) {
    const bytes = Buffer.from(`round ${round} file ${index}`);
    files.push({
      path: `f${index}.txt`,
      digest: await blobs.put(bytes),
      size: bytes.length,
      mime: 'text/plain',
    });
  }
  return { deliverable: `deliverable-${round}`, title: 'Test', files };
}
