import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { mkdir, open, readdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { saveDeliverable } from '../../../server/adapters/tools/saveDeliverable.ts';
import type { Blobs } from '../../../server/core/ports/store.ts';
import { skipBecause } from '../../run/countReporter.ts';
import { call, type Ground, kindOf, makeGround, value } from './ground.ts';

const mebibyte = 1024 * 1024;
const save = (...files: object[]) => saveDeliverable.input.parse({ title: 'T', files });

describe('saving a deliverable', () => {
  let ground: Ground;
  beforeEach(async () => {
    ground = await makeGround();
  });
  afterEach(() => ground[Symbol.asyncDispose]());

  it('takes whole folders, without links and what git keeps', async () => {
    for (const name of ['dist/index.html', 'dist/a/ü.css', 'dist/.git/config', 'dist/a/.well-known/x']) {
      await ground.write(name, name);
    }
    await writeFile(path.join(ground.outside, 'secret'), 'the secret');
    await symlink(path.join(ground.outside, 'secret'), path.join(ground.workspace, 'dist/link'));
    await symlink(ground.outside, path.join(ground.workspace, 'dist/linked'));
    const input = {
      title: 'T',
      files: [
        { path: '.', from: 'dist' },
        { path: 'more', from: 'dist/a' },
      ],
    };
    const { result, plan } = await call(ground, saveDeliverable, input);
    assert.deepEqual(
      result.deliverable?.files.map((file) => file.path),
      ['a/.well-known/x', 'a/ü.css', 'index.html', 'more/.well-known/x', 'more/ü.css'],
    );
    assert.deepEqual(
      plan.effects.map((effect) => 'shown' in effect && effect.shown),
      ['dist', 'dist/a'],
    );
  });

  it('names the files of a folder that look like secrets, so that they are asked for', async () => {
    await ground.write('site/index.html', 'x');
    await ground.write('site/.env', 'x');
    const plan = value(await saveDeliverable.plan(save({ path: '.', from: 'site' }), ground.context()));
    assert.deepEqual(
      plan.effects.map((effect) => 'shown' in effect && effect.shown),
      ['site', 'site/.env'],
    );
  });

  it('refuses an empty folder, a file where a folder is, and too many files', async () => {
    await mkdir(path.join(ground.workspace, 'empty'));
    await ground.write('a/b', 'x');
    const cases = [
      [{ path: '.', from: 'empty' }],
      [
        { path: 'a', content: 'x' },
        { path: 'a', from: 'a' },
      ],
      [{ path: '.', from: 'missing' }],
      [{ path: '../a', from: 'a' }],
    ];
    for (const files of cases) {
      assert.equal(kindOf(await saveDeliverable.plan(save(...files), ground.context())), 'invalid');
    }
  });

  for (const [what, size] of [
    ['a file', mebibyte + 1],
    ['a file that is too large to be read twice', 65 * mebibyte],
  ] as const) {
    it(`keeps nothing of ${what} that changed after it was planned`, async () => {
      const file = path.join(ground.workspace, 'big.bin');
      await writeFile(file, 'x');
      await truncate(file, size);
      const input = save({ path: 'big.bin', from: 'big.bin' });
      const plan = value(await saveDeliverable.plan(input, ground.context()));
      await using handle = await open(file, 'r+');
      await handle.write('y', size - 1);
      const seen: string[] = [];
      const context = ground.context({ blobs: noting(ground.blobs, seen) });
      assert.equal(kindOf(await saveDeliverable.run(input, plan, context)), 'conflict');
      assert.deepEqual(seen, []);
    });
  }

  it('takes a large file piece by piece, says how far it is, and stops when it is told to', async () => {
    const file = path.join(ground.workspace, 'film.mp4');
    await writeFile(file, 'x');
    await truncate(file, 70 * mebibyte);
    const input = save({ path: 'film.mp4', from: 'film.mp4' });
    const plan = value(await saveDeliverable.plan(input, ground.context()));
    const control = new AbortController();
    const heard: number[] = [];
    const progress = (fraction: number) => {
      heard.push(fraction);
      if (heard.length === 3) control.abort();
    };
    const seen: string[] = [];
    const stopped = ground.context({ progress, signal: control.signal, blobs: noting(ground.blobs, seen) });
    assert.equal(kindOf(await saveDeliverable.run(input, plan, stopped)), 'cancelled');
    assert.deepEqual([heard.length, seen], [3, []]);
    const { result } = await call(ground, saveDeliverable, input);
    assert.equal(result.deliverable?.files[0]?.size, 70 * mebibyte);
  });

  it('takes what a person attached', async () => {
    const digest = await ground.blobs.put(Buffer.from('sums'));
    const attached = { name: 'sums.csv', digest, size: 4, mime: 'text/csv' };
    const context = ground.context({ attachment: (name) => (name === attached.name ? attached : null) });
    const input = { title: 'T', files: [{ path: 'data/sums.csv', from: 'attachment:sums.csv' }] };
    const { result } = await call(ground, saveDeliverable, input, context);
    assert.deepEqual(result.deliverable?.files[0]?.digest, hash('sha256', 'sums'));
    const unknown = save({ path: 'x', from: 'attachment:other' });
    assert.equal(kindOf(await saveDeliverable.plan(unknown, context)), 'invalid');
  });

  it('takes ten thousand files of a folder, and refuses more than twenty thousand', async function () {
    if (!process.env.BUTLER_BIG) skipBecause(this, 'it takes long; BUTLER_BIG=1 asks for it');
    this.timeout(300_000);
    const write = async (from: number, to: number) => {
      for (let at = from; at < to; at++) await ground.write(`many/${at % 100}/${at}.html`, `<p>${at}`);
    };
    await write(0, 10_000);
    const input = { title: 'T', type: 'code', files: [{ path: '.', from: 'many' }] };
    const { result } = await call(ground, saveDeliverable, input);
    assert.equal(result.deliverable?.files.length, 10_000);
    await write(10_000, 20_001);
    const parsed = saveDeliverable.input.parse(input);
    assert.equal(kindOf(await saveDeliverable.plan(parsed, ground.context())), 'invalid');
  });

  it('keeps its memory flat with a gigabyte', async function () {
    if (!process.env.BUTLER_BIG) skipBecause(this, 'it takes long; BUTLER_BIG=1 asks for it');
    this.timeout(300_000);
    const file = path.join(ground.workspace, 'film.mp4');
    await writeFile(file, 'x');
    await truncate(file, 1024 * mebibyte);
    const before = process.memoryUsage().rss;
    let most = 0;
    const progress = () => {
      most = Math.max(most, process.memoryUsage().rss);
    };
    const input = { title: 'T', files: [{ path: 'film.mp4', from: 'film.mp4' }] };
    await call(ground, saveDeliverable, input, ground.context({ progress }));
    assert.ok(most - before < 200 * mebibyte, `${Math.round((most - before) / mebibyte)} MiB`);
    await rm(file);
    assert.ok((await readdir(ground.workspace)).length === 0);
  });
});

/** The same blobs, with a note of each that came to be kept whole. */
function noting(blobs: Blobs, seen: string[]): Blobs {
  return {
    ...blobs,
    putAll: async (pieces) => {
      const kept = await blobs.putAll(pieces);
      seen.push(kept.digest);
      return kept;
    },
  };
}
