import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { chmod, chown, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { local } from '../../../server/adapters/targets/local.ts';
import { skipBecause } from '../../run/countReporter.ts';
import { asNobody, asRoot, giveToNobody } from '../../support/asNobody.ts';
import { type Ground, kindOf, makeGround, value } from '../tools/ground.ts';
import { contextOf, parcelOf } from './parcels.ts';

const folder = { folder: 'public' };
const run = promisify(execFile);

describe('the rights of a local folder', function () {
  this.timeout(60_000);

  before(function () {
    if (process.platform === 'win32') skipBecause(this, 'rights are others there');
  });

  const rootOnly = (context: Mocha.Context) => {
    if (process.geteuid?.() !== 0) skipBecause(context, 'only root can make what belongs to another user');
  };

  /** Publishes as an ordinary user to whom all of the ground belongs but what `forbid` makes otherwise. */
  const publish = async (ground: Ground, forbid: () => Promise<void>) => {
    const parcel = await parcelOf(ground, { 'index.html': 'one' });
    await giveToNobody(path.dirname(ground.workspace));
    await forbid();
    const before = await ground.snapshot();
    const outcome = await asNobody(() => local.publish(parcel, folder, contextOf(ground)));
    return { outcome, before };
  };
  const below = (ground: Ground, name: string) => path.join(ground.workspace, name);

  it('that may not be written to are told, and nothing is left beside it', async () => {
    for (const closed of ['public', '.']) {
      await using ground = await makeGround({ 'public/mine.txt': 'mine' });
      const { outcome, before } = await publish(ground, () => chmod(below(ground, closed), 0o555));
      assert.equal(kindOf(outcome), 'tool', closed);
      assert.ok(!outcome.ok && /permission/.test(outcome.failure.mend));
      assert.deepEqual(await ground.snapshot(), before);
      await chmod(below(ground, closed), 0o755);
    }
  });

  it('stay: it is refused where something in it belongs to another user', async function () {
    rootOnly(this);
    await using ground = await makeGround({ 'public/theirs/a.txt': 'a' });
    const { outcome, before } = await publish(ground, async () => {
      for (const name of ['public/theirs', 'public/theirs/a.txt']) await chown(below(ground, name), 0, 0);
    });
    assert.equal(kindOf(outcome), 'conflict');
    assert.ok(!outcome.ok && outcome.failure.what.includes('theirs'));
    assert.deepEqual(await ground.snapshot(), before);
  });

  it('stay: a folder in which nothing may be made is carried over, and its old one goes', async () => {
    await using ground = await makeGround({ 'public/closed/a.txt': 'a' });
    const { outcome, before } = await publish(ground, () => chmod(below(ground, 'public/closed'), 0o555));
    const { undo } = value(outcome);
    assert.deepEqual(Object.keys(await ground.snapshot()).length, Object.keys(before).length + 2);
    value(await asNobody(() => local.unpublish(undo, contextOf(ground))));
    assert.deepEqual(await ground.snapshot(), before);
    await chmod(below(ground, 'public/closed'), 0o755);
  });

  it('do not spoil a publication that stands: what cannot be deleted beside it is left', async function () {
    rootOnly(this);
    await using ground = await makeGround({ 'public/mine.txt': 'mine' });
    const [first, second] = [
      await parcelOf(ground, { 'index.html': 'one' }),
      await parcelOf(ground, { 'index.html': 'two' }),
    ];
    await giveToNobody(path.dirname(ground.workspace));
    const theirs = below(ground, '.public.butler-publish/theirs');
    const progress = () =>
      asRoot(() => {
        mkdirSync(theirs);
        writeFileSync(path.join(theirs, 'a.txt'), 'a');
      });
    const context = contextOf(ground);
    await asNobody(async () => {
      const published = value(await local.publish(first, folder, { ...context, progress }));
      assert.deepEqual(await local.reconcile(first, folder, context), published);
      value(await local.publish(second, folder, contextOf(ground)));
    });
    assert.equal(String(await ground.read('public/index.html')), 'two');
  });

  it('are looked at by a check, without writing', async () => {
    await using ground = await makeGround({ 'public/mine.txt': 'mine' });
    const closed = below(ground, 'closed');
    await mkdir(closed);
    const check = async (name: string) => {
      const found = (await local.check?.({ folder: name }, contextOf(ground))) ?? [];
      return found.map((one) => one.good && one.mend === undefined);
    };
    await chmod(closed, 0o555);
    const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'ro', 'none', closed]).catch(() => null);
    try {
      const before = await ground.snapshot();
      assert.deepEqual(await check('public'), [true]);
      assert.deepEqual(await check('new/deep'), [true]);
      assert.deepEqual(await check('public/mine.txt'), [false]);
      assert.deepEqual(await check('.git'), [false]);
      if (mounted || process.geteuid?.() !== 0)
        assert.deepEqual([await check('closed'), await check('closed/deep/site')], [[false], [false]]);
      assert.deepEqual(await ground.snapshot(), before);
    } finally {
      if (mounted) await run('umount', [closed]);
      await chmod(closed, 0o755);
    }
  });
});
