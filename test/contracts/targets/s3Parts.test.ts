import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import {
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3';
import type { RemoteFolder } from '../../../server/adapters/targets/remote/remoteFolder.ts';
import { retrying } from '../../../server/adapters/targets/remote/tries.ts';
import { S3Config } from '../../../server/adapters/targets/s3/config.ts';
import { openFolder } from '../../../server/adapters/targets/s3/folder.ts';
import { type S3Server, startS3 } from '../../servers/s3.ts';
import { startFaultProxy } from '../../support/faultProxy.ts';
import { bytesOf, quietly } from './transfers.ts';

const mebibyte = 1024 * 1024;

describe('a large file on its way into a bucket', function () {
  this.timeout(120_000);
  let server: S3Server;
  before(async () => {
    server = await startS3();
  });
  after(() => server[Symbol.asyncDispose]());

  const open = (prefix: string, port = server.port): Promise<RemoteFolder> => {
    const endpoint = `http://127.0.0.1:${port}`;
    const config = S3Config.parse({ bucket: 'site', endpoint, prefix });
    return openFolder(config, server.key, AbortSignal.timeout(30_000));
  };
  const digestThere = async (Key: string) => {
    const found = await server.witness.send(new GetObjectCommand({ Bucket: 'site', Key }));
    return hash('sha256', (await found.Body?.transformToByteArray()) ?? new Uint8Array());
  };
  const unfinished = async (Prefix: string) => {
    const { Uploads = [] } = await server.witness.send(
      new ListMultipartUploadsCommand({ Bucket: 'site', Prefix }),
    );
    return Uploads.length;
  };
  const everything = async (Prefix: string) => {
    const { Contents = [] } = await server.witness.send(new ListObjectsV2Command({ Bucket: 'site', Prefix }));
    return Contents.map(({ Key }) => Key);
  };
  const large = (what: string, size = 42) => bytesOf(Buffer.alloc(size * mebibyte, `${what} `), 'video/mp4');

  it('is taken up after a cut, and what had arrived is not sent again', async () => {
    await using door = await startFaultProxy({ port: server.port });
    const folder = await open('cut', door.port);
    const bytes = large('cut');
    const before = door.sent();
    door.cutAfter(38 * mebibyte);
    await retrying(AbortSignal.timeout(60_000), () =>
      folder.write('film.mp4', bytes, quietly({ resumes: true })),
    );
    const sent = door.sent() - before;
    assert.ok(sent < bytes.size + 38 * mebibyte, `not all of it twice: ${sent} bytes`);
    assert.equal(await digestThere('cut/film.mp4'), bytes.digest);
    await folder.close();
    assert.deepEqual([await unfinished('cut/'), await everything('cut/')], [0, ['cut/film.mp4']]);
  });

  it('is taken up by another process, and is not mixed with other bytes', async () => {
    await using door = await startFaultProxy({ port: server.port });
    const dead = await open('left', door.port);
    const bytes = large('left');
    door.cutAfter(38 * mebibyte, true);
    await assert.rejects(dead.write('film.mp4', bytes, quietly()));
    assert.equal(await unfinished('left/'), 1);
    const other = await open('left');
    const read: number[] = [];
    const { open: all } = bytes;
    const counted = {
      ...bytes,
      open: async (from = 0) => {
        read.push(from);
        return all(from);
      },
    };
    await other.write('film.mp4', counted, quietly({ resumes: true }));
    await other.close();
    assert.ok(read.length < 6, `${read} were read`);
    assert.equal(await digestThere('left/film.mp4'), bytes.digest);
    assert.deepEqual([await unfinished('left/'), await everything('left/')], [0, ['left/film.mp4']]);
  });

  it('leaves no unfinished upload when it is called off, taken away or replaced', async () => {
    await using door = await startFaultProxy({ port: server.port });
    const ends: ((folder: RemoteFolder) => Promise<unknown>)[] = [
      async () => {},
      (folder) => folder.remove('film.mp4', AbortSignal.timeout(20_000)),
      (folder) => folder.write('film.mp4', bytesOf(Buffer.from('small')), quietly()),
      (folder) => folder.write('film.mp4', large('other', 18), quietly()),
    ];
    for (const [index, end] of ends.entries()) {
      const at = `off-${index}`;
      const folder = await open(at, door.port);
      const abort = new AbortController();
      const moved = () => abort.abort();
      await assert.rejects(
        folder.write('film.mp4', large('off', 18), quietly({ signal: abort.signal, moved })),
      );
      assert.equal(await unfinished(`${at}/`), 1, 'it was under way');
      await end(folder);
      await folder.close();
      assert.equal(await unfinished(`${at}/`), 0);
      assert.deepEqual(
        (await everything(`${at}/`)).filter((key) => key?.includes('.butler')),
        [],
      );
    }
  });

  it('leaves the unfinished uploads of others alone', async () => {
    const Key = 'others/film.mp4';
    await server.witness.send(new CreateMultipartUploadCommand({ Bucket: 'site', Key }));
    await new Promise((resolve) => setTimeout(resolve, 2100));
    const folder = await open('others');
    await folder.write('film.mp4', large('ours', 18), quietly());
    await folder.remove('film.mp4', AbortSignal.timeout(20_000));
    await folder.close();
    assert.equal(await unfinished('others/'), 1);
  });
});
