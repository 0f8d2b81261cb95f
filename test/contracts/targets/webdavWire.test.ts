import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { RemoteFolder } from '../../../server/adapters/targets/remote/remoteFolder.ts';
import { TargetFault } from '../../../server/adapters/targets/targetFault.ts';
import { WebdavConfig } from '../../../server/adapters/targets/webdav/config.ts';
import { openFolder } from '../../../server/adapters/targets/webdav/folder.ts';
import { startWebdav, type WebdavServer } from '../../servers/webdav.ts';
import { bytesOf, quietly } from './transfers.ts';

describe('a folder of a WebDAV server', () => {
  let server: WebdavServer;
  before(async () => {
    server = await startWebdav();
  });
  after(() => server[Symbol.asyncDispose]());

  const open = (at: string, password = server.password, user = server.user): Promise<RemoteFolder> =>
    openFolder(
      WebdavConfig.parse({ folder: `http://127.0.0.1:${server.port}/${at}`, user }),
      password,
      AbortSignal.timeout(20_000),
    );
  const kindOf = (work: Promise<unknown>) =>
    work.then(
      () => 'ok',
      (error: unknown) => (error instanceof TargetFault ? error.failure.kind : Promise.reject(error)),
    );

  it('has what was written, byte for byte, under names of any kind, and gives them other names', async () => {
    const folder = await open('dav/one/two');
    assert.equal(await folder.list({ signal: AbortSignal.timeout(5000) }), null);
    const names = [
      'index.html',
      'ä/ö ü.txt',
      'a+b&c=d#f%20.txt',
      "it's (fine)!.md",
      '日本/語.txt',
      'empty.bin',
    ];
    for (const name of names) {
      const text = name === 'empty.bin' ? '' : `the text of ${name}`;
      await folder.write(`.stage/${name}`, bytesOf(Buffer.from(text)), quietly());
      await folder.rename(`.stage/${name}`, name, AbortSignal.timeout(5000));
      assert.equal(await readFile(path.join(server.root, 'dav/one/two', name), 'utf8'), text);
    }
    const listing = await folder.list({ signal: AbortSignal.timeout(5000) });
    assert.deepEqual(listing?.files.map((file) => file.path).sort(), names.sort());
    await folder.removeEmpty(['.stage/ä', '.stage/日本', '.stage', 'ä'], AbortSignal.timeout(5000));
    const left = await folder.list({ signal: AbortSignal.timeout(5000) });
    assert.deepEqual([...(left?.folders ?? [])].sort(), ['ä', '日本']);
    await folder.close();
  });

  it('reads and takes away, and says where there is nothing', async () => {
    const folder = await open('dav/read');
    const large = Buffer.alloc(5_000_000, 'large ');
    await folder.write('large.bin', bytesOf(large), quietly());
    const sum: Uint8Array[] = [];
    for await (const piece of (await folder.read('large.bin', AbortSignal.timeout(5000))) ?? [])
      sum.push(piece);
    assert.equal(hash('sha256', Buffer.concat(sum)), hash('sha256', large));
    await folder.remove('large.bin', AbortSignal.timeout(5000));
    await folder.remove('large.bin', AbortSignal.timeout(5000));
    assert.equal(await folder.read('large.bin', AbortSignal.timeout(5000)), null);
    assert.equal(
      await kindOf(folder.rename('large.bin', 'other.bin', AbortSignal.timeout(5000))),
      'notFound',
    );
    await folder.close();
  });

  it('gives no file the name of a folder, and takes no folder away in which anything lies', async () => {
    const folder = await open('dav/inTheWay');
    const signal = AbortSignal.timeout(5000);
    await folder.write('a/mine.txt', bytesOf(Buffer.from('mine')), quietly());
    await folder.write('b.txt', bytesOf(Buffer.from('b')), quietly());
    assert.equal(await kindOf(folder.rename('b.txt', 'a', signal)), 'conflict');
    await folder.removeEmpty(['a'], signal);
    assert.equal(await readFile(path.join(server.root, 'dav/inTheWay/a/mine.txt'), 'utf8'), 'mine');
    await folder.write('c.txt', bytesOf(Buffer.from('c')), quietly());
    await folder.rename('b.txt', 'c.txt', signal);
    assert.equal(await readFile(path.join(server.root, 'dav/inTheWay/c.txt'), 'utf8'), 'b');
    await folder.close();
  });

  it('tells a wrong password from a place without WebDAV, without rights, and one that nobody answers', async () => {
    assert.equal(await kindOf(open('dav', 'not it')), 'auth');
    assert.equal(await kindOf(open('plain')), 'invalid');
    const fixed = await open('fixed');
    assert.equal(await kindOf(fixed.write('a.txt', bytesOf(Buffer.from('a')), quietly())), 'denied');
    await fixed.close();
  });
});
