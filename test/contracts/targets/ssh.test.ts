import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { openSftpFolder } from '../../../server/adapters/targets/ftp/sftpFolder.ts';
import { ftp } from '../../../server/adapters/targets/ftp.ts';
import { type SshGuard, startSsh2 } from '../../servers/ssh2.ts';
import { type SshServer, startSshd } from '../../servers/sshd.ts';
import { kindOf, makeGround, value } from '../tools/ground.ts';
import { contextOf, parcelOf } from './parcels.ts';

const signal = new AbortController().signal;
/** Each way to exchange keys, to encrypt, to check and to sign at least once. */
const ways = [
  ['curve25519-sha256', 'aes256-gcm@openssh.com', 'hmac-sha2-256', 'ssh-ed25519'],
  ['ecdh-sha2-nistp256', 'aes128-gcm@openssh.com', 'hmac-sha2-256', 'ecdsa-sha2-nistp256'],
  ['ecdh-sha2-nistp384', 'aes256-ctr', 'hmac-sha2-256-etm@openssh.com', 'rsa-sha2-512'],
  ['ecdh-sha2-nistp521', 'aes192-ctr', 'hmac-sha2-512-etm@openssh.com', 'rsa-sha2-256'],
  ['diffie-hellman-group14-sha256', 'aes128-ctr', 'hmac-sha2-256', 'ssh-ed25519'],
  ['diffie-hellman-group16-sha512', 'aes128-ctr', 'hmac-sha2-512', 'ssh-ed25519'],
] as const;

describe('the SSH line', function () {
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
      const folder = value(await openSftpFolder(placeOf(sshd.port, sshd.home), credential, signal));
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
      const outcome = await openSftpFolder(placeOf(sshd.port, '/x'), { privateKey, fingerprint }, signal);
      assert.equal(kindOf(outcome), 'auth');
      assert.ok(privateKey.length < 60 || !JSON.stringify(outcome).includes(privateKey.slice(40, 60)));
    }
  });

  it('refuses a server whose key nobody confirmed or that shows another, and names both', async () => {
    const { fingerprint, otherFingerprint, keys } = sshd;
    const open = (known: string) =>
      openSftpFolder(placeOf(sshd.port, sshd.home), { privateKey: keys.rsa, fingerprint: known }, signal);
    const unknown = JSON.stringify(await open(''));
    assert.ok(unknown.includes('denied') && unknown.includes(fingerprint), unknown);
    const changed = JSON.stringify(await open(otherFingerprint));
    assert.ok(changed.includes(fingerprint) && changed.includes(otherFingerprint), changed);
    await value(await open(`${otherFingerprint}, ${fingerprint}`)).close();
  });

  it('carries on while the keys are exchanged anew, under each way to encrypt', async () => {
    for (const ciphers of ['aes256-gcm@openssh.com', 'aes128-ctr']) {
      await using server = await startSshd(`RekeyLimit 64K\nCiphers ${ciphers}\nMACs hmac-sha2-256`);
      await using ground = await makeGround();
      const text = 'a line of text that goes back and forth\n'.repeat(30_000);
      const credential = { privateKey: server.keys.ed25519, fingerprint: server.fingerprint };
      const context = { ...contextOf(ground), credential: async () => credential };
      const config = placeOf(server.port, path.join(server.home, 'site')).config;
      value(await ftp.publish(await parcelOf(ground, { 'a.txt': text, 'b.txt': 'b' }), config, context));
      const there = await readFile(path.join(server.home, 'site/a.txt'));
      assert.equal(hash('sha256', there), hash('sha256', text));
      const folder = value(
        await openSftpFolder(placeOf(server.port, `${server.home}/site`), credential, signal),
      );
      const pieces: Uint8Array[] = [];
      for await (const piece of (await folder.read('a.txt', signal)) ?? []) pieces.push(piece);
      assert.equal(hash('sha256', Buffer.concat(pieces)), hash('sha256', text));
      await folder.close();
    }
  });

  it('renames over a file on a server that cannot do so at once', async () => {
    await using server = await startSshd(
      'Subsystem sftp internal-sftp -P posix-rename'.replace('Subsystem', '#'),
    );
    await using ground = await makeGround();
    const credential = { privateKey: server.keys.ed25519, fingerprint: server.fingerprint };
    const { config } = placeOf(server.port, path.join(server.home, 'site'));
    for (const text of ['one', 'two']) {
      const context = { ...contextOf(ground), credential: async () => credential };
      value(await ftp.publish(await parcelOf(ground, { 'a.txt': text }), config, context));
      assert.equal(await readFile(path.join(server.home, 'site/a.txt'), 'utf8'), text);
    }
  });

  describe('to a server of another make', () => {
    for (const [kex, cipher, hmac, serverHostKey] of ways) {
      it(`agrees on ${kex}, ${cipher}, ${hmac} and ${serverHostKey}`, async () => {
        const algorithms = { kex: [kex], cipher: [cipher], hmac: [hmac], serverHostKey: [serverHostKey] };
        await using guard = await startSsh2({ algorithms });
        await value(await openSftpFolder(placeOf(guard.port, '/'), guard.credential, signal)).close();
      });
    }

    it('logs in where the password is asked for as a question', async () => {
      await using guard = await startSsh2({ methods: ['keyboard-interactive'] });
      await value(await openSftpFolder(placeOf(guard.port, '/'), guard.credential, signal)).close();
    });

    it('tells no password to a server that is not the right one', async () => {
      await using guard = await startSsh2({});
      const credential = { ...guard.credential, fingerprint: sshd.fingerprint };
      assert.equal(kindOf(await openSftpFolder(placeOf(guard.port, '/'), credential, signal)), 'denied');
      assert.deepEqual(guard.tries, []);
    });

    it('says so when the server can only what is unsafe today', async () => {
      await using guard = await startSsh2({ algorithms: { kex: ['diffie-hellman-group1-sha1'] } });
      const outcome = await openSftpFolder(placeOf(guard.port, '/'), guard.credential, signal);
      assert.ok(!outcome.ok && outcome.failure.kind === 'denied' && outcome.failure.what.includes('safe'));
    });

    it('notices when something is changed, cut or invented on the way', async () => {
      await using guard: SshGuard = await startSsh2({});
      for (const at of [20, 60, 300]) {
        await using door = await startSpoiler(guard.port, at);
        const outcome = await openSftpFolder(placeOf(door.port, '/'), guard.credential, signal);
        assert.ok(
          ['malformed', 'offline', 'denied', 'ok'].includes(kindOf(outcome)),
          JSON.stringify(outcome),
        );
        if (outcome.ok) await outcome.value.close();
      }
    });

    it('says so when something else than SSH answers', async () => {
      for (const said of [
        'HTTP/1.1 400 Bad Request\r\n\r\n',
        'SSH-1.5-old\r\n',
        '\u0000'.repeat(20_000),
        'SSH-2.0-x\r\n\u00ff\u00ff\u00ff\u00ff',
      ]) {
        const server = net.createServer((socket) =>
          socket.on('error', () => {}).end(Buffer.from(said, 'latin1')),
        );
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        const { port } = server.address() as net.AddressInfo;
        const outcome = await openSftpFolder(placeOf(port, '/'), { password: 'x' }, signal);
        assert.ok(['malformed', 'offline'].includes(kindOf(outcome)), JSON.stringify(outcome));
        server.close();
      }
    });
  });
});

function placeOf(port: number, folder: string) {
  const config = ftp.config.parse({
    protocol: 'sftp',
    host: '127.0.0.1',
    port,
    user: process.env.USER ?? 'root',
    folder: folder === '/' ? '/site' : folder,
  });
  return { config, address: 'sftp://somewhere', url: () => null };
}

/** A door that changes one byte of what the server says. */
async function startSpoiler(to: number, at: number): Promise<{ port: number } & AsyncDisposable> {
  const server = net.createServer((client) => {
    const upstream = net.connect(to, '127.0.0.1');
    let seen = 0;
    for (const socket of [client, upstream]) {
      socket.on('error', () => {});
      socket.on('close', () => (socket === client ? upstream : client).destroy());
    }
    client.pipe(upstream);
    upstream.on('data', (piece: Buffer) => {
      const spot = at - seen;
      if (spot >= 0 && spot < piece.length) piece[spot] = (piece[spot] ?? 0) ^ 1;
      seen += piece.length;
      client.write(piece);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  return { port, [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}
