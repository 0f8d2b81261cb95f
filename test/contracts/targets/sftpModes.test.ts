import assert from 'node:assert/strict';
import { chmod, lstat, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ftp } from '../../../server/adapters/targets/ftp.ts';
import { startSshd } from '../../servers/sshd.ts';
import { makeGround, value } from '../tools/ground.ts';
import { contextOf, parcelOf } from './parcels.ts';

describe('a file of others on an SFTP server that a publication wrote over', function () {
  this.timeout(60_000);

  it('comes back with the rights that it had', async () => {
    await using server = await startSshd();
    await using ground = await makeGround();
    const { home, port, user, keys, fingerprint } = server;
    const folder = path.join(home, 'site');
    await mkdir(folder);
    const modes = { 'run.cgi': 0o755, 'secret.txt': 0o600 };
    for (const [name, mode] of Object.entries(modes)) {
      await writeFile(path.join(folder, name), 'theirs');
      await chmod(path.join(folder, name), mode);
    }
    const config = ftp.config.parse({ protocol: 'sftp', host: '127.0.0.1', port, user, folder });
    const credential = async () => ({ privateKey: keys.ed25519, fingerprint });
    const parcel = await parcelOf(ground, { 'run.cgi': 'ours', 'secret.txt': 'ours' });
    const { undo } = value(await ftp.publish(parcel, config, { ...contextOf(ground), credential }));
    value(await ftp.unpublish(undo, { ...contextOf(ground), credential }));
    for (const [name, mode] of Object.entries(modes)) {
      assert.equal((await lstat(path.join(folder, name))).mode & 0o777, mode, name);
    }
  });
});
