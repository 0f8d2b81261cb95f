import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../support/freePort.ts';
import { answers } from './proftpd.ts';

/** A real SSH server of this machine with SFTP, for one run of tests. */
export interface SshServer extends AsyncDisposable {
  readonly port: number;
  readonly user: string;
  /** A folder that the user may write to; SFTP sees the whole machine. */
  readonly home: string;
  /** The text of the key that lets the user in, by its kind; `locked` has the passphrase. */
  readonly keys: Readonly<Record<'ed25519' | 'rsa' | 'ecdsa' | 'locked' | 'pem', string>>;
  readonly passphrase: string;
  readonly fingerprint: string;
  /** The fingerprints of its keys of other kinds. */
  readonly otherFingerprint: string;
}

/** Starts OpenSSH's server as an ordinary process on a free port of the loopback; more lines of its config and another SFTP may be given. */
export async function startSshd(more = '', sftp = 'internal-sftp'): Promise<SshServer> {
  const root = await mkdtemp(path.join(tmpdir(), 'butler-sshd-'));
  const home = path.join(root, 'home');
  await mkdir(home);
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const passphrase = ['open', 'the', 'lock'].join(' ');
  const generate = (name: string, type: string, ...rest: string[]) =>
    execFileSync('ssh-keygen', [
      '-q',
      '-t',
      type,
      '-N',
      '',
      '-C',
      'test',
      '-f',
      path.join(root, name),
      ...rest,
    ]);
  generate('host', 'ed25519');
  generate('hostRsa', 'rsa', '-b', '2048');
  generate('hostEcdsa', 'ecdsa');
  generate('ed25519', 'ed25519');
  generate('rsa', 'rsa', '-b', '2048');
  generate('ecdsa', 'ecdsa', '-b', '384');
  await copyFile(path.join(root, 'ed25519'), path.join(root, 'locked'));
  await copyFile(path.join(root, 'rsa'), path.join(root, 'pem'));
  for (const name of ['locked', 'pem']) await chmod(path.join(root, name), 0o600);
  const change = (name: string, word: string, ...rest: string[]) =>
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', word, ...rest, '-f', path.join(root, name)]);
  change('locked', passphrase, '-a', '2');
  change('pem', '', '-m', 'PEM');
  const read = (name: string) => readFile(path.join(root, name), 'utf8');
  const own = await Promise.all(['ed25519.pub', 'rsa.pub', 'ecdsa.pub'].map(read));
  await writeFile(path.join(root, 'authorized'), own.join(''), { mode: 0o600 });
  const port = await freePort();
  const config = path.join(root, 'sshd_config');
  await writeFile(config, configOf(root, port, `Subsystem sftp ${sftp}\n${more}`));
  const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (piece) => {
    said = `${said}${piece}`.slice(-5000);
  });
  const ended = once(child, 'exit');
  for (let waits = 0; !(await answers(port)); waits++) {
    if (child.exitCode !== null || waits > 2_000) throw new Error(`sshd did not start: ${said}`);
    await sleep(25);
  }
  const [ed25519, rsa, ecdsa, locked, pem] = await Promise.all(
    ['ed25519', 'rsa', 'ecdsa', 'locked', 'pem'].map(read),
  );
  const fingerprint = (name: string) =>
    execFileSync('ssh-keygen', ['-l', '-f', path.join(root, `${name}.pub`)])
      .toString()
      .split(' ')[1] ?? '';
  return {
    port,
    user: userInfo().username,
    home,
    keys: {
      ed25519: ed25519 ?? '',
      rsa: rsa ?? '',
      ecdsa: ecdsa ?? '',
      locked: locked ?? '',
      pem: pem ?? '',
    },
    passphrase,
    fingerprint: fingerprint('host'),
    otherFingerprint: fingerprint('hostRsa'),
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await ended;
      await rm(root, { recursive: true, force: true });
    },
  };
}

function configOf(root: string, port: number, more: string): string {
  return `
ListenAddress 127.0.0.1
Port ${port}
HostKey ${root}/host
HostKey ${root}/hostRsa
HostKey ${root}/hostEcdsa
PidFile none
AuthorizedKeysFile ${root}/authorized
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
PermitRootLogin yes
UseDNS no
MaxStartups 100
LogLevel INFO
${more}
`;
}
