import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';
import type { FtpPlace } from '../../../server/adapters/targets/ftp/config.ts';
import { openSftpFolder as openFolder } from '../../../server/adapters/targets/ftp/sftpFolder.ts';
import { ftp } from '../../../server/adapters/targets/ftp.ts';
import { type SshServer, startSshd } from '../../servers/sshd.ts';
import { kindOf, makeGround, value } from '../tools/ground.ts';
import { contextOf, parcelOf } from './parcels.ts';

const signal = new AbortController().signal;
const openSftpFolder = (place: FtpPlace, credential: Record<string, string>) =>
  openFolder(place, credential, { workspace: '', confirmed: new Map() }, signal);

describe('the SSH line of SFTP', function () {
  this.timeout(60_000);
  let sshd: SshServer;
  before(async () => {
    sshd = await startSshd();
  });
  after(() => sshd?.[Symbol.asyncDispose]());

  for (const kind of ['ed25519', 'rsa', 'ecdsa', 'pem', 'locked'] as const) {
    it(`logs in to OpenSSH with a key of the kind "${kind}"`, async () => {
      const { fingerprint, keys, passphrase } = sshd;
      const credential = {
        privateKey: keys[kind],
        passphrase: kind === 'locked' ? passphrase : '',
        fingerprint,
      };
      const folder = value(await openSftpFolder(placeOf(sshd.port, sshd.home), credential));
      assert.ok(await folder.list({ signal, top: true }));
      await folder.close();
    });
  }

  it('says that a key cannot be read, and nothing of it', async () => {
    const { fingerprint, keys } = sshd;
    for (const privateKey of [
      keys.locked,
      keys.rsa.slice(0, 300),
      'nonsense',
      keys.ed25519.replaceAll('A', 'B'),
    ]) {
      const outcome = await openSftpFolder(placeOf(sshd.port, '/x'), { privateKey, fingerprint });
      assert.equal(kindOf(outcome), 'auth');
      assert.ok(privateKey.length < 60 || !JSON.stringify(outcome).includes(privateKey.slice(40, 60)));
    }
  });

  it('refuses a server whose key nobody confirmed or that shows another, and names both', async () => {
    const { fingerprint, otherFingerprint, keys } = sshd;
    const open = (known: string) =>
      openSftpFolder(placeOf(sshd.port, sshd.home), { privateKey: keys.rsa, fingerprint: known });
    const unknown = JSON.stringify(await open(''));
    assert.ok(unknown.includes('denied') && unknown.includes(fingerprint), unknown);
    const another = `SHA256:${hash('sha256', 'another', 'base64').replace('=', '')}`;
    const changed = JSON.stringify(await open(another));
    assert.ok(changed.includes('denied') && changed.includes(fingerprint), changed);
    assert.ok(changed.includes(another), changed);
    await value(await open(`${another}, ${fingerprint}`)).close();
    await value(await open(otherFingerprint)).close();
  });

  it('carries on while the keys are exchanged anew, when its own files are gone already', async () => {
    await using server = await startSshd('RekeyLimit 300K');
    await using ground = await makeGround();
    const text = 'a line of text that goes back and forth\n'.repeat(30_000);
    const credential = { privateKey: server.keys.ed25519, fingerprint: server.fingerprint };
    const context = { ...contextOf(ground), credential: async () => credential };
    const config = placeOf(server.port, path.join(server.home, 'site')).config;
    value(await ftp.publish(await parcelOf(ground, { 'a.txt': text, 'b.txt': 'b' }), config, context));
    const there = await readFile(path.join(server.home, 'site/a.txt'));
    assert.equal(hash('sha256', there), hash('sha256', text));
    const folder = value(await openSftpFolder(placeOf(server.port, `${server.home}/site`), credential));
    const pieces: Uint8Array[] = [];
    for await (const piece of (await folder.read('a.txt', signal)) ?? []) pieces.push(piece);
    assert.equal(hash('sha256', Buffer.concat(pieces)), hash('sha256', text));
    await folder.close();
  });

  it('renames over a file on a server that cannot do so at once', async () => {
    await using server = await startSshd('', 'internal-sftp -P posix-rename');
    await using ground = await makeGround();
    const credential = { privateKey: server.keys.ed25519, fingerprint: server.fingerprint };
    const { config } = placeOf(server.port, path.join(server.home, 'site'));
    for (const text of ['one', 'two']) {
      const context = { ...contextOf(ground), credential: async () => credential };
      value(await ftp.publish(await parcelOf(ground, { 'a.txt': text }), config, context));
      assert.equal(await readFile(path.join(server.home, 'site/a.txt'), 'utf8'), text);
    }
  });
});

function placeOf(port: number, folder: string) {
  const config = ftp.config.parse({
    protocol: 'sftp',
    host: '127.0.0.1',
    port,
    user: userInfo().username,
    folder: folder === '/' ? '/site' : folder,
  });
  return { config, address: 'sftp://somewhere', url: () => null };
}
