import assert from 'node:assert/strict';
import { chmod, lstat, mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { makeVersion } from '../../../server/adapters/targets/local/kept.ts';
import { standingIn } from '../../../server/adapters/targets/local/standing.ts';
import { local } from '../../../server/adapters/targets/local.ts';
import { TargetFault } from '../../../server/adapters/targets/targetFault.ts';
import { skipBecause } from '../../run/countReporter.ts';
import { type Ground, kindOf, makeGround, value } from '../tools/ground.ts';
import { contextOf, parcelOf } from './parcels.ts';

const folder = { folder: 'public' };

describe('what stands in a local folder', function () {
  this.timeout(60_000);

  const publish = async (ground: Ground, texts: Record<string, string>, where = folder) =>
    value(await local.publish(await parcelOf(ground, texts), where, contextOf(ground)));

  it('keeps the modes of its folders, and the empty ones, through publishing and taking back', async () => {
    await using ground = await makeGround({
      'public/secret/mine.txt': 'mine',
      'public/both/mine.txt': 'mine',
    });
    await mkdir(path.join(ground.workspace, 'public/empty'));
    for (const [name, mode] of [
      ['', 0o750],
      ['secret', 0o700],
      ['both', 0o711],
      ['empty', 0o701],
    ] as const) {
      await chmod(path.join(ground.workspace, 'public', name), mode);
    }
    const before = await ground.snapshot();
    const first = await publish(ground, { 'both/a.txt': 'a', 'empty/b.txt': 'b', 'secret/c/d.txt': 'd' });
    const second = await publish(ground, { 'index.html': 'only' });
    const after = await ground.snapshot();
    for (const name of ['public', 'public/secret', 'public/both']) assert.equal(after[name], before[name]);
    value(await local.unpublish(second.undo, contextOf(ground)));
    value(await local.unpublish(first.undo, contextOf(ground)));
    assert.deepEqual(await ground.snapshot(), before);
  });

  it('is open to those to whom every new folder of this user is', async () => {
    await using ground = await makeGround();
    await publish(ground, { 'index.html': 'one', 'sub/a.txt': 'a' });
    await ground.write('plain/a.txt', 'a');
    const modeOf = async (name: string) => (await lstat(path.join(ground.workspace, name))).mode;
    for (const name of ['public', 'public/sub']) assert.equal(await modeOf(name), await modeOf('plain'));
  });

  it('keeps a socket of a program that is at work', async function () {
    if (process.platform === 'win32') skipBecause(this, 'sockets have no place in the file system there');
    await using ground = await makeGround({ 'public/mine.txt': 'mine' });
    const at = path.join(ground.workspace, 'public/socket');
    await using server = createServer();
    await new Promise<void>((resolve) => server.listen(at, resolve));
    const { ino } = await lstat(at);
    const { undo } = await publish(ground, { 'index.html': 'one' });
    assert.equal((await lstat(at)).ino, ino);
    value(await local.unpublish(undo, contextOf(ground)));
    assert.equal((await lstat(at)).ino, ino);
  });

  it('is in the way where its disk takes the name of a file of others for one that is published', async () => {
    await using ground = await makeGround({ 'public/a.txt': 'by others' });
    const standing = await standingIn(path.join(ground.workspace, 'public'));
    const fresh = path.join(ground.workspace, 'fresh');
    await mkdir(fresh);
    const digest = await ground.blobs.put(Buffer.from('ours'));
    const version = {
      carried: [...standing.leaves.values()],
      brought: [{ kind: 'file', path: 'a.txt', mode: 0o644, digest }],
    } as const;
    await assert.rejects(makeVersion(fresh, standing, version, contextOf(ground)), /is in the way/);
    assert.equal(String(await ground.read('fresh/a.txt')), 'by others');
  });

  it('is looked at no further by one who was called off meanwhile', async () => {
    await using ground = await makeGround({ 'public/a/b/c.txt': 'c' });
    const abort = new AbortController();
    const seen = standingIn(path.join(ground.workspace, 'public'), abort.signal);
    abort.abort();
    await assert.rejects(seen, TargetFault);
  });

  it('is refused where it holds a name that is no valid text', async function () {
    if (process.platform !== 'linux') skipBecause(this, 'such names are there on Linux only');
    await using ground = await makeGround({ 'public/mine.txt': 'mine' });
    await writeFile(Buffer.from(`${ground.workspace}/public/caf\xe9.txt`, 'latin1'), 'mine');
    const outcome = await local.publish(await parcelOf(ground, { 'a.txt': 'a' }), folder, contextOf(ground));
    assert.equal(kindOf(outcome), 'conflict');
    assert.equal(String(await ground.read('public/mine.txt')), 'mine');
  });

  it('is left as it is where a folder with files of a person has the place of what must be put back', async () => {
    await using ground = await makeGround({ 'public/a': 'by a person' });
    const first = await publish(ground, { a: 'one' });
    const second = await publish(ground, { 'a/x.txt': 'two' });
    await ground.write('public/a/mine.txt', 'mine');
    const before = await ground.snapshot();
    assert.equal(kindOf(await local.unpublish(second.undo, contextOf(ground))), 'conflict');
    assert.deepEqual(await ground.snapshot(), before);
    await rm(path.join(ground.workspace, 'public/a/mine.txt'));
    for (const { undo } of [second, first]) value(await local.unpublish(undo, contextOf(ground)));
    assert.equal(String(await ground.read('public/a')), 'by a person');
  });

  it('is gone already, or is a conflict, where the folder that it lay in was deleted', async () => {
    await using ground = await makeGround();
    const site = { folder: 'deep/site' };
    const first = await publish(ground, { 'a.txt': 'one' }, site);
    const second = await publish(ground, { 'a.txt': 'two' }, site);
    await rm(path.join(ground.workspace, 'deep'), { recursive: true });
    assert.equal(kindOf(await local.unpublish(second.undo, contextOf(ground))), 'conflict');
    assert.equal(kindOf(await local.unpublish(first.undo, contextOf(ground))), 'ok');
  });

  it('has any name that means one place on every system, and empty files too', async () => {
    await using ground = await makeGround();
    const texts = { 'größe/日本語 🙂.html': 'x', 'e\u0301/a b.txt': 'y', 'empty.txt': '', __proto__x: 'z' };
    const { undo } = await publish(ground, texts);
    for (const [name, text] of Object.entries(texts)) {
      assert.equal(String(await ground.read(`public/${name}`)), text);
    }
    value(await local.unpublish(undo, contextOf(ground)));
    assert.deepEqual(await ground.snapshot(), {});
  });

  for (const names of [
    ['../out.txt'],
    ['/etc/out.txt'],
    ['a\\b.txt'],
    ['.butler-publish.json'],
    ['A.txt', 'a.txt'],
    ['\u00e9.txt', 'e\u0301.txt'],
    ['a', 'a/b.txt'],
    ['x'.repeat(256)],
    ['con.txt'],
  ]) {
    it(`is never asked to hold ${JSON.stringify(names).slice(0, 60)}`, async () => {
      await using ground = await makeGround();
      const parcel = await parcelOf(ground, Object.fromEntries(names.map((name) => [name, name])));
      for (const act of ['plan', 'publish'] as const) {
        assert.equal(kindOf(await local[act](parcel, folder, contextOf(ground))), 'invalid');
      }
      assert.deepEqual(await ground.snapshot(), {});
    });
  }
});
