import assert from 'node:assert/strict';
import { mkdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ftp } from '../../../server/adapters/targets/ftp.ts';
import { startProftpd } from '../../servers/proftpd.ts';
import { startSshd } from '../../servers/sshd.ts';
import { kindOf, makeGround } from '../tools/ground.ts';
import { contextOf, parcelOf } from './parcels.ts';

/** A server's disk, and a way to publish into a folder of it. */
interface Place {
  readonly home: string;
  readonly config: Record<string, unknown>;
  readonly credential: Record<string, string>;
}

describe('a link in a folder of a server', function () {
  this.timeout(60_000);

  it('is neither followed nor replaced, over SFTP', async () => {
    await using server = await startSshd();
    const { home, port, user, keys, fingerprint } = server;
    const config = { protocol: 'sftp', host: '127.0.0.1', port, user, folder: path.join(home, 'site') };
    await staysThere({ home, config, credential: { privateKey: keys.ed25519, fingerprint } });
  });

  it('is neither followed nor replaced, over FTP', async () => {
    await using server = await startProftpd();
    const { home, port, user, password } = server;
    const config = { protocol: 'ftp', host: '127.0.0.1', port, user, folder: 'site' };
    await staysThere({ home, config, credential: { password } });
  });
});

async function staysThere({ home, config, credential }: Place): Promise<void> {
  await using ground = await makeGround();
  const site = path.join(home, 'site');
  await mkdir(path.join(home, 'elsewhere'));
  await mkdir(site);
  await writeFile(path.join(home, 'elsewhere/page.html'), 'theirs');
  await symlink(path.join(home, 'elsewhere'), path.join(site, 'sub'));
  await symlink(path.join(home, 'elsewhere/page.html'), path.join(site, 'page.html'));
  for (const name of ['page.html', 'sub/page.html', 'sub']) {
    const parcel = await parcelOf(ground, { [name]: 'ours', 'other.html': 'ours' });
    const context = { ...contextOf(ground), credential: async () => credential };
    assert.equal(kindOf(await ftp.publish(parcel, ftp.config.parse(config), context)), 'conflict', name);
  }
  assert.equal(await readFile(path.join(home, 'elsewhere/page.html'), 'utf8'), 'theirs');
  assert.equal(await readlink(path.join(site, 'sub')), path.join(home, 'elsewhere'));
}
