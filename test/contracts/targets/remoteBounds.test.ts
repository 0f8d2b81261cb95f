import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ftp } from '../../../server/adapters/targets/ftp.ts';
import { readXml } from '../../../server/adapters/targets/http/xml.ts';
import { gathering } from '../../../server/adapters/targets/remote/gathering.ts';
import { s3 } from '../../../server/adapters/targets/s3.ts';
import { TargetFault } from '../../../server/adapters/targets/targetFault.ts';
import type { Target } from '../../../server/core/ports/target.ts';
import { startSsh2 } from '../../servers/ssh2.ts';
import { kindOf, makeGround } from '../tools/ground.ts';
import { contextOf, parcelOf } from './parcels.ts';

const word = ['a', 'word', 'of', 'tests'].join('-');

describe('a server elsewhere that tells more than anybody can hold', function () {
  this.timeout(60_000);

  const planAt = async (target: Target, config: unknown, credential: Record<string, string>) => {
    await using ground = await makeGround();
    const context = { ...contextOf(ground), credential: async () => credential };
    return target.plan(await parcelOf(ground, { 'index.html': 'x' }), target.config.parse(config), context);
  };

  it('is not believed where its names have no end, by SFTP', async () => {
    let told = 0;
    await using server = await startSsh2({
      serve: (sftp) => {
        const attrs = { mode: 0o100644, uid: 0, gid: 0, size: 1, atime: 0, mtime: 0 };
        const names = [{ filename: 'n'.repeat(200_000), longname: '', attrs }];
        sftp.on('OPENDIR', (id) => sftp.handle(id, Buffer.from('folder')));
        sftp.on('CLOSE', (id) => sftp.status(id, 0));
        sftp.on('READDIR', (id) => {
          told += 200_000;
          sftp.name(id, told > 200_000_000 ? [] : names);
        });
      },
    });
    const config = { protocol: 'sftp', host: '127.0.0.1', port: server.port, user: 'tests', folder: '/site' };
    assert.equal(kindOf(await planAt(ftp as Target, config, server.credential)), 'malformed');
    assert.ok(told < 10_000_000, `${told} bytes`);
  });

  it('has no folder of which all is gathered, however many names it tells, or however long they are', () => {
    for (const name of ['n', 'n'.repeat(1000)]) {
      const { listing, file, folder, other } = gathering();
      const gather = () => {
        for (let index = 0; index < 100_000; index++) {
          file({ path: name, size: 1, stamp: '' });
          folder(name);
          other(name);
        }
      };
      assert.throws(gather, TargetFault);
      assert.ok(listing.files.length > 10_000, `${listing.files.length} files`);
    }
  });

  it('is not believed where its keys are longer than keys can be, by S3', async () => {
    await using server = await listening(() => {
      const one = `<Contents><Key>${'k'.repeat(2000)}</Key><Size>1</Size><ETag>"e"</ETag></Contents>`;
      return `<ListBucketResult><IsTruncated>false</IsTruncated>${one}</ListBucketResult>`;
    });
    const key = { accessKeyId: 'A', secretAccessKey: word };
    const outcome = await planAt(s3 as Target, { bucket: 'site', endpoint: server.url }, key);
    assert.equal(kindOf(outcome), 'malformed');
  });

  it('is not asked for each publication that it says died there', async () => {
    const asked: string[] = [];
    await using server = await listening((path) => {
      asked.push(path);
      const names = Array.from({ length: 1001 }, (_, index) => `.butler-publish-x${index}.json`);
      const objects = names.map(
        (name) => `<Contents><Key>${name}</Key><Size>1</Size><ETag>"e"</ETag></Contents>`,
      );
      return `<ListBucketResult><IsTruncated>false</IsTruncated>${objects.join('')}</ListBucketResult>`;
    });
    const key = { accessKeyId: 'A', secretAccessKey: word };
    const outcome = await planAt(s3 as Target, { bucket: 'site', endpoint: server.url }, key);
    assert.equal(kindOf(outcome), 'invalid');
    assert.ok(asked.length < 10, `${asked.length} questions`);
  });

  it('has no list of which each element is read, however short they are', () => {
    assert.ok(readXml(`<list>${'<a/>'.repeat(50)}</list>`, 100));
    assert.equal(readXml(`<list>${'<a/>'.repeat(10_000)}</list>`, 100), null);
  });
});

/** Answers each question about a path with a text. */
async function listening(answer: (path: string) => string) {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(207).end(answer(request.url ?? '')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
