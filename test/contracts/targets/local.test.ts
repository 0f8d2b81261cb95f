import assert from 'node:assert/strict';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { targets } from '../../../server/adapters/targets/index.ts';
import type { Target } from '../../../server/core/ports/target.ts';
import { type Ground, kindOf, makeGround, value } from '../tools/ground.ts';
import { changesOf, contextOf, parcelOf } from './parcels.ts';

describe('the local target', function () {
  this.timeout(60_000);

  const local = targets.find((target) => target.name === 'local') as Target;
  const plan = async (ground: Ground, folder: string) =>
    local.plan(await parcelOf(ground, { 'index.html': 'x' }), { folder }, contextOf(ground));

  for (const folder of [
    '.',
    '..',
    '/',
    '~',
    '.git',
    'a/.GIT/b',
    '.butler',
    'x/../..',
    '../outside',
    'a:b',
    'a. ',
  ]) {
    it(`refuses ${JSON.stringify(folder)} as its folder`, async () => {
      await using ground = await makeGround();
      assert.equal(kindOf(await plan(ground, folder)), 'invalid');
    });
  }

  it('refuses the home folder, a folder above the workspace, and a link to one', async () => {
    await using ground = await makeGround();
    await symlink(path.dirname(ground.workspace), path.join(ground.workspace, 'up'));
    for (const folder of [process.env.HOME ?? '/', path.dirname(ground.workspace), 'up', 'up/outside']) {
      assert.equal(kindOf(await plan(ground, folder)), 'invalid', folder);
    }
  });

  it('says that an absolute folder lies outside', async () => {
    await using ground = await makeGround();
    const { effect } = value(await plan(ground, path.join(ground.outside, 'site')));
    assert.ok(effect.kind === 'publish' && effect.place === 'outside');
  });

  it('leaves files of others in peace, through publishing and taking back', async () => {
    await using ground = await makeGround({ 'public/CNAME': 'example.invalid', 'public/img/own.txt': 'own' });
    await mkdir(path.join(ground.workspace, 'public/empty'));
    await symlink('/nowhere', path.join(ground.workspace, 'public/link'));
    const before = await ground.snapshot();
    const parcel = await parcelOf(ground, { 'index.html': 'one', 'img/a.txt': 'a' });
    const { undo } = value(await local.publish(parcel, { folder: 'public' }, contextOf(ground)));
    const after = await ground.snapshot();
    for (const name of Object.keys(before)) assert.equal(after[name], before[name], name);
    value(await local.unpublish(undo, contextOf(ground)));
    assert.deepEqual(await ground.snapshot(), before);
  });

  it('shows a file of others that is in the way as an update, and puts it back', async () => {
    await using ground = await makeGround({ 'public/index.html': 'by a person' });
    const before = await ground.snapshot();
    const parcel = await parcelOf(ground, { 'index.html': 'one' });
    const shown = value(await local.plan(parcel, { folder: 'public' }, contextOf(ground)));
    assert.deepEqual(changesOf(shown), { 'index.html': 'update' });
    const { undo } = value(await local.publish(parcel, { folder: 'public' }, contextOf(ground)));
    value(await local.unpublish(undo, contextOf(ground)));
    assert.deepEqual(await ground.snapshot(), before);
  });

  it('follows no link inside the folder: a link in the way is replaced and put back', async () => {
    await using ground = await makeGround();
    await mkdir(path.join(ground.workspace, 'public'));
    await writeFile(path.join(ground.outside, 'secret'), 'secret');
    await symlink(path.join(ground.outside, 'secret'), path.join(ground.workspace, 'public/index.html'));
    const secret = () => readFile(path.join(ground.outside, 'secret'), 'utf8');
    const before = [await ground.snapshot(), await secret()];
    const parcel = await parcelOf(ground, { 'index.html': 'one' });
    const { undo } = value(await local.publish(parcel, { folder: 'public' }, contextOf(ground)));
    value(await local.unpublish(undo, contextOf(ground)));
    assert.deepEqual([await ground.snapshot(), await secret()], before);
  });

  it('refuses where a folder of ours would have to go through something of others', async () => {
    await using ground = await makeGround({ 'public/a': 'a file' });
    await symlink(ground.outside, path.join(ground.workspace, 'public/out'));
    for (const name of ['a/b.txt', 'out/b.txt']) {
      const parcel = await parcelOf(ground, { [name]: 'x' });
      assert.equal(kindOf(await local.plan(parcel, { folder: 'public' }, contextOf(ground))), 'conflict');
    }
  });

  it('names the page that a person opens first', async () => {
    await using ground = await makeGround();
    const parcel = await parcelOf(ground, { 'a.css': 'a', 'docs/index.html': 'one' });
    const { publication } = value(await local.publish(parcel, { folder: 'public' }, contextOf(ground)));
    assert.equal(publication.entry, 'docs/index.html');
  });

  it('takes away the folders above that it made, when they are empty again', async () => {
    await using ground = await makeGround();
    const parcel = await parcelOf(ground, { 'index.html': 'one' });
    const { undo } = value(await local.publish(parcel, { folder: 'a/b/site' }, contextOf(ground)));
    value(await local.unpublish(undo, contextOf(ground)));
    assert.deepEqual(await ground.snapshot(), {});
  });

  it('keeps what others put into the folder after the publication when that is taken back', async () => {
    await using ground = await makeGround();
    const parcel = await parcelOf(ground, { 'index.html': 'one' });
    const { undo } = value(await local.publish(parcel, { folder: 'public' }, contextOf(ground)));
    await ground.write('public/notes.txt', 'mine');
    value(await local.unpublish(undo, contextOf(ground)));
    const left = Object.keys(await ground.snapshot());
    assert.deepEqual(left, ['public', 'public/notes.txt']);
  });

  it('believes no marker that names paths outside the folder', async () => {
    await using ground = await makeGround({ 'precious.txt': 'mine' });
    const files = { '../precious.txt': '0'.repeat(64), 'index.html': '0'.repeat(64) };
    const forged = { about: '', execution: 'x', deliverable: 'x', time: 0, files, undo: '0'.repeat(64) };
    await ground.write('public/.butler-publish.json', JSON.stringify(forged));
    await local.publish(await parcelOf(ground, { 'a.html': 'a' }), { folder: 'public' }, contextOf(ground));
    assert.equal(String(await ground.read('precious.txt')), 'mine');
  });

  it('is planned truly while another publication takes its place again and again', async () => {
    await using ground = await makeGround();
    const parcels = await Promise.all(
      ['one', 'two'].map((text) => parcelOf(ground, { 'a.txt': text, 'b.txt': 'same' })),
    );
    const third = await parcelOf(ground, { 'b.txt': 'same' });
    const publishing = (async () => {
      for (let round = 0; round < 10; round++) {
        for (const parcel of parcels)
          value(await local.publish(parcel, { folder: 'public' }, contextOf(ground)));
      }
      return true;
    })();
    for (let done = false; !done; ) {
      done = await Promise.race([
        publishing,
        new Promise<false>((resolve) => setImmediate(() => resolve(false))),
      ]);
      const shown = changesOf(value(await local.plan(third, { folder: 'public' }, contextOf(ground))));
      if (shown['a.txt'] !== undefined) assert.deepEqual(shown, { 'a.txt': 'delete', 'b.txt': 'unchanged' });
    }
    assert.equal(
      Object.keys(await ground.snapshot()).filter((name) => name.includes('butler-publish')).length,
      1,
    );
  });
});
