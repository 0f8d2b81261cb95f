import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { lstat, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { local } from '../../../server/adapters/targets/local.ts';
import { skipBecause } from '../../run/countReporter.ts';
import { kindOf, makeGround, value } from '../tools/ground.ts';
import { watchMemory } from './memoryWatch.ts';
import { contextOf, largeParcel, parcelOf } from './parcels.ts';

const folder = { folder: 'public' };
const mebibyte = 1024 * 1024;
const run = promisify(execFile);

describe('much in a local folder', function () {
  this.timeout(60_000);

  it('is sent once: of many files of which one changed, one is written and one is kept', async function () {
    this.timeout(process.env.BUTLER_BIG ? 600_000 : 60_000);
    const count = process.env.BUTLER_BIG ? 10_000 : 60;
    await using ground = await makeGround();
    const texts = Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`s${index % 10}/f${index}.txt`, `text ${index}`]),
    );
    value(await local.publish(await parcelOf(ground, texts), folder, contextOf(ground)));
    const inoOf = async (name: string) => (await lstat(path.join(ground.workspace, 'public', name))).ino;
    const inode = await inoOf('s1/f1.txt');
    const second = await parcelOf(ground, { ...texts, 's0/f0.txt': 'changed' });
    const asked: string[] = [];
    const { blobs } = ground;
    const counted: typeof blobs = {
      ...blobs,
      open: (...given) => {
        asked.push('open');
        return blobs.open(...given);
      },
      get: (...given) => {
        asked.push('get');
        return blobs.get(...given);
      },
      putAll: (...given) => {
        asked.push('putAll');
        return blobs.putAll(...given);
      },
    };
    const begun = performance.now();
    const outcome = await local.publish(second, folder, { ...contextOf(ground), blobs: counted });
    if (process.env.BUTLER_BIG)
      console.log(`      one of ${count}: ${Math.round(performance.now() - begun)} ms`);
    const { undo } = value(outcome);
    assert.deepEqual(
      asked.sort(),
      ['open', 'open', 'putAll'],
      'looked for what is kept; kept the marker; one written',
    );
    assert.equal(await inoOf('s1/f1.txt'), inode);
    assert.equal((undo as { kept: { kind: string }[] }).kept.filter((one) => one.kind === 'file').length, 2);
    value(await local.unpublish(undo, contextOf(ground)));
    assert.equal(await inoOf('s1/f1.txt'), inode);
    assert.equal(String(await ground.read('public/s0/f0.txt')), 'text 0');
  });

  it('is told while it moves, and can be called off within a file', async () => {
    await using ground = await makeGround({ 'public/mine.txt': 'mine' });
    const parcel = await largeParcel(ground, 4);
    const before = await ground.snapshot();
    const stop = new AbortController();
    const told: number[] = [];
    const progress = (share: number) => {
      told.push(share);
      if (told.length === 2) stop.abort();
    };
    const outcome = await local.publish(parcel, folder, {
      ...contextOf(ground),
      progress,
      signal: stop.signal,
    });
    assert.equal(kindOf(outcome), 'cancelled');
    assert.deepEqual(told, [0.25, 0.5]);
    assert.deepEqual(await ground.snapshot(), before);
  });

  it('that does not fit on the disk leaves what stood there, and says so', async function () {
    await using ground = await makeGround();
    const small = path.join(ground.workspace, 'small');
    await mkdir(small);
    const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'none', small]).catch(() => null);
    if (!mounted) skipBecause(this, 'a small disk can be mounted by root on Linux only');
    try {
      await ground.write('small/site/mine.txt', 'mine');
      const site = { folder: 'small/site' };
      value(await local.publish(await parcelOf(ground, { 'a.txt': 'a' }), site, contextOf(ground)));
      const before = await ground.snapshot();
      const outcome = await local.publish(await largeParcel(ground, 4), site, contextOf(ground));
      assert.ok(!outcome.ok && outcome.failure.kind === 'tool' && /full/.test(outcome.failure.what));
      assert.deepEqual(await ground.snapshot(), before);
    } finally {
      await run('umount', [small]);
    }
  });

  it('that lies on a disk mounted in it is not touched', async function () {
    await using ground = await makeGround({ 'public/disk/mine.txt': 'hidden' });
    const disk = path.join(ground.workspace, 'public/disk');
    const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', disk]).catch(() => null);
    if (!mounted) skipBecause(this, 'a disk can be mounted by root on Linux only');
    try {
      await ground.write('public/disk/mine.txt', 'mine');
      const outcome = await local.publish(
        await parcelOf(ground, { 'a.txt': 'a' }),
        folder,
        contextOf(ground),
      );
      assert.equal(kindOf(outcome), 'conflict');
      assert.equal(String(await ground.read('public/disk/mine.txt')), 'mine');
    } finally {
      await run('umount', [disk]);
    }
  });

  it('of a gibibyte is published and taken back while memory stays flat', async function () {
    if (!process.env.BUTLER_BIG) skipBecause(this, 'it takes minutes; BUTLER_BIG=1 asks for it');
    this.timeout(1_800_000);
    await using ground = await makeGround();
    const [first, second] = [await largeParcel(ground, 1024), await largeParcel(ground, 1024)];
    using memory = watchMemory();
    const begun = performance.now();
    value(await local.publish(first, folder, contextOf(ground)));
    const { undo } = value(await local.publish(second, folder, contextOf(ground)));
    value(await local.unpublish(undo, contextOf(ground)));
    const grown = memory.grown();
    assert.equal((await lstat(path.join(ground.workspace, 'public/large.bin'))).size, 1024 * mebibyte);
    console.log(`      local: ${Math.round((performance.now() - begun) / 1000)} s, ${grown} MiB more`);
    assert.ok(grown < 256, `${grown} MiB`);
  });
});
