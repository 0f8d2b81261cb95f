import assert from 'node:assert/strict';
import { ftp } from '../../../server/adapters/targets/ftp.ts';
import { s3 } from '../../../server/adapters/targets/s3.ts';
import { WebdavConfig } from '../../../server/adapters/targets/webdav/config.ts';
import { openFolder } from '../../../server/adapters/targets/webdav/folder.ts';
import { webdav } from '../../../server/adapters/targets/webdav.ts';
import type { Target } from '../../../server/core/ports/target.ts';
import { startSsh2 } from '../../servers/ssh2.ts';
import { answering } from '../../support/loopback.ts';
import { kindOf, makeGround } from '../tools/ground.ts';
import { contextOf, parcelOf } from './parcels.ts';

const word = ['a', 'word', 'of', 'tests'].join('-');
const nobody = { password: word, accessKeyId: 'A', secretAccessKey: word };

describe('a server elsewhere that cuts, lies or never ends', () => {
  const publishTo = async (
    target: Target,
    config: Record<string, unknown>,
    credential: Record<string, string>,
  ) => {
    await using ground = await makeGround();
    const context = { ...contextOf(ground), credential: async () => credential };
    const parcel = await parcelOf(ground, { 'index.html': 'x' });
    return target.publish(parcel, target.config.parse(config), context);
  };
  const toS3 = (url: string) => publishTo(s3 as Target, { bucket: 'site', endpoint: url }, nobody);
  const toDav = (url: string) => publishTo(webdav as Target, { folder: `${url}/dav`, user: 'tests' }, nobody);

  it('is out of reach where it cuts an answer in its middle, and no bug of ours', async () => {
    await using server = await answering((_request, response) => {
      response.writeHead(207, { 'content-length': 5000 });
      response.write('<?xml version="1.0"?>', () => response.destroy());
    });
    const outcomes = await Promise.all([toS3(server.url), toDav(server.url)]);
    for (const outcome of outcomes) assert.equal(kindOf(outcome), 'offline', JSON.stringify(outcome));
  });

  it('is not believed half a list, nor a list without an end', async () => {
    const part = (inner: string) =>
      `<ListBucketResult><IsTruncated>true</IsTruncated>${inner}</ListBucketResult>`;
    const lists = [
      part(''),
      part('<NextContinuationToken>again</NextContinuationToken>'),
      '<ListBucketResult><IsTruncated>false</IsTruncated><Contents>',
      `<ListBucketResult>${' '.repeat(17_000_000)}</ListBucketResult>`,
    ];
    for (const list of lists) {
      const asked = new Set<string>();
      await using server = await answering((request, response) => {
        asked.add(request.method ?? '');
        response.end(list);
      });
      assert.equal(kindOf(await toS3(server.url)), 'malformed', list.slice(0, 100));
      assert.deepEqual([...asked], ['GET']);
    }
    await using server = await answering((_request, response) => {
      response.writeHead(207).end('<multistatus><response><href>/dav/</href></response><response>');
    });
    assert.equal(kindOf(await toDav(server.url)), 'malformed');
  });

  it('cannot make its words be taken for those of ours', async () => {
    for (const code of ['constructor', '__proto__', 'toString']) {
      await using server = await answering((_request, response) => {
        response.writeHead(400).end(`<Error><Code>${code}</Code><Message>no</Message></Error>`);
      });
      assert.equal(kindOf(await toS3(server.url)), 'tool');
    }
  });

  it('is not asked to take a folder away in which lies what has no name, nor believed to have done what it did in part', async () => {
    const asked: string[] = [];
    await using server = await answering((request, response) => {
      asked.push(request.method ?? '');
      const names = ['/dav/', '/dav/a/', '/dav/a/%ff'];
      const parts = names.filter((name) => name.startsWith(request.url ?? '')).slice(0, 2);
      response.writeHead(207).end(listOf(...parts));
    });
    const config = WebdavConfig.parse({ folder: `${server.url}/dav`, user: 'tests' });
    const signal = AbortSignal.timeout(10_000);
    const folder = await openFolder(config, word, signal);
    await folder.removeEmpty(['a'], signal);
    assert.ok(!asked.includes('DELETE'), asked.join());
    await assert.rejects(folder.remove('a/b.txt', signal));
    await assert.rejects(folder.rename('a/b.txt', 'a/c.txt', signal));
    await folder.close();
  });

  it('fills no store with a file that is longer than it said', async () => {
    let sent = 0;
    await using server = await answering((request, response) => {
      if (request.method === 'PROPFIND')
        return void response.writeHead(207).end(listOf('/dav/', '/dav/index.html'));
      if (request.method !== 'GET') return void response.writeHead(201).end();
      const more = () => {
        sent += 65_536;
        if (!response.destroyed && sent < 500_000_000) response.write('x'.repeat(65_536), more);
      };
      more();
    });
    assert.equal(kindOf(await toDav(server.url)), 'conflict');
    assert.ok(sent < 100_000_000, `${sent} bytes`);
  });

  it('lists no folder without an end by SFTP', async () => {
    let told = 0;
    await using server = await startSsh2({
      serve: (sftp) => {
        const attrs = { mode: 0o100644, uid: 0, gid: 0, size: 1, atime: 0, mtime: 0 };
        const names = Array.from({ length: 2000 }, (_, index) => ({
          filename: `f${index}`,
          longname: '',
          attrs,
        }));
        sftp.on('OPENDIR', (id) => sftp.handle(id, Buffer.from('folder')));
        sftp.on('CLOSE', (id) => sftp.status(id, 0));
        sftp.on('READDIR', (id) => {
          told += names.length;
          sftp.name(id, names);
        });
      },
    });
    const config = { protocol: 'sftp', host: '127.0.0.1', port: server.port, user: 'tests', folder: '/site' };
    assert.equal(kindOf(await publishTo(ftp as Target, config, server.credential)), 'invalid');
    assert.ok(told < 300_000, `${told} names`);
  });
});

function listOf(...paths: readonly string[]): string {
  const parts = paths.map((path) => {
    const kind = path.endsWith('/')
      ? '<resourcetype><collection/></resourcetype>'
      : '<getcontentlength>10</getcontentlength>';
    return `<response><href>${path}</href><propstat><prop>${kind}</prop></propstat></response>`;
  });
  return `<multistatus xmlns="DAV:">${parts.join('')}</multistatus>`;
}
