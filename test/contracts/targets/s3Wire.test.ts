import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GetObjectCommand, ListMultipartUploadsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { RemoteFolder } from '../../../server/adapters/targets/remote/remoteFolder.ts';
import { S3Config } from '../../../server/adapters/targets/s3/config.ts';
import { openFolder } from '../../../server/adapters/targets/s3/folder.ts';
import { type S3Server, startS3 } from '../../servers/s3.ts';
import { bytesOf, quietly } from './transfers.ts';

describe('a folder in a bucket', () => {
  let server: S3Server;
  before(async () => {
    server = await startS3();
  });
  after(() => server[Symbol.asyncDispose]());

  const open = (more: Record<string, unknown> = {}): Promise<RemoteFolder> =>
    openFolder(
      S3Config.parse({ bucket: 'site', endpoint: server.endpoint, ...more }),
      server.key,
      AbortSignal.timeout(30_000),
    );

  it('has what was written, byte for byte, under names of any kind', async () => {
    const folder = await open({ prefix: 'wire' });
    const names = [
      'index.html',
      'ä/ö ü.txt',
      'a+b&c=d?e#f.txt',
      "it's (fine)!.md",
      '日本/語.txt',
      'empty.bin',
    ];
    for (const name of names) {
      const text = name === 'empty.bin' ? '' : `the text of ${name}`;
      const { stamp } = await folder.write(name, bytesOf(Buffer.from(text)), quietly());
      assert.equal(stamp, hash('md5', text));
      const found = await server.witness.send(new GetObjectCommand({ Bucket: 'site', Key: `wire/${name}` }));
      assert.equal(await found.Body?.transformToString(), text);
    }
    const listed = await folder.list({ signal: AbortSignal.timeout(5000) });
    assert.deepEqual(listed?.files.map((file) => file.path).sort(), names.sort());
    await folder.remove('index.html', AbortSignal.timeout(5000));
    assert.equal(await folder.read('index.html', AbortSignal.timeout(5000)), null);
    await folder.close();
  });

  it('tells everything that lies there, however much, and nothing that is no plain path', async () => {
    const at = path.join(server.directory, 'site', 'many');
    await mkdir(at);
    const names = Array.from({ length: 1050 }, (_, index) => `f${index}.txt`);
    for (const name of names) await writeFile(path.join(at, `${name}._S3rver_object`), name);
    await writeFile(
      path.join(server.directory, 'site', 'many-more.txt._S3rver_object'),
      'not of this folder',
    );
    for (const Key of ['many/', 'many/folder/', 'many/.butler-upload-x.json']) {
      await server.witness.send(new PutObjectCommand({ Bucket: 'site', Key, Body: '', ContentLength: 0 }));
    }
    const folder = await open({ prefix: 'many' });
    assert.deepEqual(await pathsOf(folder), names.sort());
    await folder.close();
  });

  it('takes large files in parts', async () => {
    const folder = await open({ prefix: 'large' });
    const large = Buffer.alloc(30 * 1024 * 1024, 'a large file ');
    let moved = 0;
    await folder.write('large.bin', bytesOf(large), { ...quietly(), moved: (bytes) => (moved += bytes) });
    assert.equal(moved, large.length);
    const found = await server.witness.send(new GetObjectCommand({ Bucket: 'site', Key: 'large/large.bin' }));
    assert.ok(Buffer.from((await found.Body?.transformToByteArray()) ?? []).equals(large));
    const uploads = await server.witness.send(new ListMultipartUploadsCommand({ Bucket: 'site' }));
    assert.deepEqual(uploads.Uploads ?? [], []);
    assert.deepEqual(await pathsOf(folder), ['large.bin']);
    await folder.close();
  });
});

async function pathsOf(folder: RemoteFolder): Promise<string[]> {
  const listed = await folder.list({ signal: AbortSignal.timeout(5000) });
  return (listed?.files ?? []).map((file) => file.path).sort();
}
