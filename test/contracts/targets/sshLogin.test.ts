import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SftpGround } from '../../../server/adapters/targets/ftp/openSsh.ts';
import { openSftpFolder } from '../../../server/adapters/targets/ftp/sftpFolder.ts';
import { sshPrograms } from '../../../server/adapters/targets/ftp/sshPrograms.ts';
import { ftp } from '../../../server/adapters/targets/ftp.ts';
import { startSsh2 } from '../../servers/ssh2.ts';
import { type SshServer, startSshd } from '../../servers/sshd.ts';
import { kindOf, value } from '../tools/ground.ts';

const signal = new AbortController().signal;
const freshGround = (): SftpGround => ({ workspace: '', confirmed: new Map() });
const open = (port: number, credential: Record<string, string>, ground = freshGround(), until = signal) =>
  openSftpFolder(placeOf(port), credential, ground, until);

describe('a login by OpenSSH', function () {
  this.timeout(60_000);
  let sshd: SshServer;
  before(async () => {
    sshd = await startSshd();
  });
  after(() => sshd?.[Symbol.asyncDispose]());

  for (const method of ['password', 'keyboard-interactive'] as const) {
    it(`hands over a password of any characters by ${method}, and says when it is wrong`, async () => {
      await using guard = await startSsh2({ method });
      await value(await open(guard.port, guard.credential)).close();
      const wrong = ['not', 'the', 'one'].join(' ');
      const outcome = await open(guard.port, { ...guard.credential, password: wrong });
      assert.equal(kindOf(outcome), 'auth');
      assert.ok(!JSON.stringify(outcome).includes(wrong));
    });
  }

  it('tells no password to a server that is not the right one', async () => {
    await using guard = await startSsh2({});
    const credential = { ...guard.credential, fingerprint: sshd.fingerprint };
    assert.equal(kindOf(await open(guard.port, credential)), 'denied');
    assert.deepEqual(guard.tries, []);
  });

  it('gives a server that asks for a passphrase or a new password neither', async () => {
    const passphrase = ['of', 'the', 'key'].join(' ');
    for (const asks of ["Enter passphrase for key 'key': ", 'New password: ']) {
      await using guard = await startSsh2({ method: 'keyboard-interactive', asks });
      const privateKey = sshd.keys.ed25519;
      const outcome = await open(guard.port, { ...guard.credential, privateKey, passphrase });
      if (outcome.ok) await outcome.value.close();
      assert.ok(!guard.answers.includes(passphrase));
      assert.equal(guard.answers.includes(guard.credential.password), !asks.startsWith('New'));
    }
  });

  it('asks a server anew whose key is not the remembered one, and refuses it with both fingerprints', async () => {
    await using other = await startSshd();
    let to = sshd.port;
    const door = net.createServer((client) => {
      const upstream = net.connect(to, '127.0.0.1');
      for (const socket of [client, upstream]) socket.on('error', () => {});
      client.pipe(upstream).pipe(client);
    });
    await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
    const { port } = door.address() as net.AddressInfo;
    const credential = { privateKey: sshd.keys.ed25519, fingerprint: sshd.fingerprint };
    const ground = freshGround();
    await value(await open(port, credential, ground)).close();
    assert.equal(ground.confirmed.size, 1);
    await value(await open(port, credential, ground)).close();
    to = other.port;
    const refused = JSON.stringify(await open(port, credential, ground));
    assert.ok(refused.includes('denied') && refused.includes(sshd.fingerprint), refused);
    assert.ok(refused.includes(other.fingerprint), refused);
    assert.equal(ground.confirmed.size, 0);
    door.close();
  });

  it('leaves no secret in the temporary folder, neither its own nor one of a login that was killed', async () => {
    const temporary = await mkdtemp(path.join(tmpdir(), 'butler-sshlogin-'));
    const { TMPDIR } = process.env;
    const left = path.join(temporary, 'butler-ssh-abc123');
    await mkdir(left);
    await writeFile(path.join(left, 'password'), 'x');
    await utimes(left, 1, 1);
    process.env.TMPDIR = temporary;
    try {
      const { fingerprint, keys, passphrase } = sshd;
      const folder = value(await open(sshd.port, { privateKey: keys.locked, passphrase, fingerprint }));
      assert.deepEqual(await readdir(temporary), []);
      await folder.close();
      const refused = await open(sshd.port, { privateKey: 'nonsense', fingerprint });
      assert.equal(kindOf(refused), 'auth');
      assert.deepEqual(await readdir(temporary), []);
    } finally {
      if (TMPDIR === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = TMPDIR;
      await rm(temporary, { recursive: true });
    }
  });

  it('is called off at once, and leaves no process when its own is killed', async () => {
    const silent = net.createServer((socket) => socket.on('error', () => {}).resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as net.AddressInfo;
    const abort = new AbortController();
    const opening = open(port, { password: 'x' }, freshGround(), abort.signal);
    await sleep(200);
    abort.abort();
    assert.equal(kindOf(await opening), 'cancelled');
    silent.close();
    const child = holderOf(sshd);
    try {
      await once(child.stdout, 'data');
      if (process.platform === 'linux') assert.equal((await clientsOf(sshd.port)).length, 1);
    } finally {
      child.kill('SIGKILL');
    }
    for (let waits = 0; waits < 200 && (await clientsOf(sshd.port)).length > 0; waits++) await sleep(50);
    assert.deepEqual(await clientsOf(sshd.port), []);
  });

  it('leaves no secret when its process is killed in the middle of a login', async () => {
    const temporary = await mkdtemp(path.join(tmpdir(), 'butler-sshlogin-'));
    const child = holderOf(sshd, temporary);
    const ended = once(child, 'exit');
    const found = () => readdir(temporary, { recursive: true }).catch(() => []);
    for (let waits = 0; waits < 2000 && (await found()).length < 2; waits++) await sleep(5);
    child.kill('SIGKILL');
    await ended;
    for (let waits = 0; waits < 200 && (await readdir(temporary)).length > 0; waits++) await sleep(50);
    assert.deepEqual(await readdir(temporary), []);
    await rm(temporary, { recursive: true });
  });

  it('says so when the server can only what is unsafe today', async () => {
    await using server = await startSshd('KexAlgorithms diffie-hellman-group1-sha1');
    const credential = { privateKey: server.keys.ed25519, fingerprint: server.fingerprint };
    const outcome = await open(server.port, credential);
    assert.ok(!outcome.ok && outcome.failure.kind === 'offline' && outcome.failure.what.includes('safe'));
  });

  it('says so when something else than SSH answers, or nobody', async () => {
    for (const said of ['HTTP/1.1 400 Bad Request\r\n\r\n', 'SSH-1.5-old\r\n', '\u0000'.repeat(20_000)]) {
      const server = net.createServer((socket) =>
        socket
          .on('error', () => {})
          .resume()
          .end(said),
      );
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as net.AddressInfo;
      assert.equal(kindOf(await open(port, { password: 'x' })), 'offline');
      await new Promise((resolve) => server.close(resolve));
      assert.equal(kindOf(await open(port, { password: 'x' })), 'offline');
    }
  });

  it('takes no user for an option, and starts no program of the workspace', async () => {
    const config = { protocol: 'sftp', host: '127.0.0.1', folder: 'site' };
    for (const user of ['-oProxyCommand=id', '-', 'a b'])
      assert.ok(!ftp.config.safeParse({ ...config, user }).success, user);
    const workspace = await mkdtemp(path.join(tmpdir(), 'butler-sshlogin-'));
    for (const name of ['ssh', 'ssh-keyscan'])
      await writeFile(path.join(workspace, name), '#!/bin/sh\n', { mode: 0o755 });
    const found = sshPrograms(workspace, { PATH: workspace });
    assert.ok(!Object.values(found).some((file) => file.startsWith(workspace)));
    await rm(workspace, { recursive: true });
  });
});

/** A process of its own that holds a folder open. */
function holderOf({ port, keys, fingerprint, home }: SshServer, temporary = tmpdir()) {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'sftpHolder.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: temporary },
  });
  child.stdin.end(JSON.stringify({ port, privateKey: keys.ed25519, fingerprint, home }));
  return child;
}

/** The command lines of OpenSSH's clients of a port; Linux only. */
async function clientsOf(port: number): Promise<string[]> {
  if (process.platform !== 'linux') return [];
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.filter((line) => line.includes('/ssh\0') && line.includes(`\0-p\0${port}\0`));
}

function placeOf(port: number) {
  const user = userInfo().username;
  const config = ftp.config.parse({ protocol: 'sftp', host: '127.0.0.1', port, user, folder: '/tmp/site' });
  return { config, address: 'sftp://somewhere', url: () => null };
}
