import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { childrenGone } from '../support/childrenGone.ts';
import { freePort } from '../support/freePort.ts';

/** A real FTP server of this machine, for one run of tests. */
export interface FtpServer extends AsyncDisposable {
  readonly port: number;
  /** The port on which TLS begins at once. */
  readonly implicitPort: number;
  readonly user: string;
  readonly password: string;
  /** A user who may read only. */
  readonly reader: string;
  /** A user who has room for 20,000 bytes only. */
  readonly small: string;
  /** Waits until it is done with every login. */
  settled(): Promise<void>;
  /** The ports of its data lines, and another address of the loopback for which its certificate is good too. */
  readonly beside: { readonly host: string; readonly ports: readonly number[] };
  /** Where the logins lead. */
  readonly home: string;
  /** The authority that signed its certificate, as PEM. */
  readonly authority: string;
}

/** Starts proftpd as an ordinary process on free ports of the loopback. */
export async function startProftpd(): Promise<FtpServer> {
  const root = await mkdtemp(path.join(tmpdir(), 'butler-ftp-'));
  const home = path.join(root, 'home');
  await mkdir(home);
  const port = await freePort(2 + mostDataLines);
  const implicitPort = port + 1;
  const dataPorts = Array.from({ length: mostDataLines }, (_, index) => port + 2 + index);
  const { uid, gid, username } = userInfo();
  const password = ['pass', 'word', 'of', 'a', 'test'].join('-');
  const hashed = execFileSync('openssl', ['passwd', '-1', '-stdin'], { input: password }).toString().trim();
  const line = (name: string) => `${name}:${hashed}:${uid}:${gid}::${home}:/bin/sh`;
  await writeFile(path.join(root, 'users'), `${line('anna')}\n${line('rita')}\n${line('quentin')}\n`, {
    mode: 0o600,
  });
  const authority = await makeCertificate(root);
  makeQuota(root);
  const config = path.join(root, 'proftpd.conf');
  await writeFile(config, configOf({ root, port, implicitPort, dataPorts, username, gid }));
  const child = spawn('/usr/sbin/proftpd', ['-n', '-q', '-c', config], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (piece) => {
      said += String(piece);
    });
  }
  const ended = once(child, 'exit');
  for (let waits = 0; !((await answers(port)) && (await answers(implicitPort))); waits++) {
    if (child.exitCode !== null || waits > 2_000) throw new Error(`proftpd did not start: ${said}`);
    await sleep(25);
  }
  return {
    port,
    implicitPort,
    user: 'anna',
    password,
    reader: 'rita',
    small: 'quentin',
    settled: () => childrenGone(child.pid ?? 0),
    beside: { host: otherAddress, ports: dataPorts },
    home,
    authority,
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await ended;
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Data lines that the server has a port for at a time. */
const mostDataLines = 32;
const otherAddress = '127.0.0.2';

/** Whether somebody listens on a port of the loopback. */
export async function answers(port: number): Promise<boolean> {
  const socket = net.connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

interface Settings {
  readonly root: string;
  readonly port: number;
  readonly implicitPort: number;
  readonly dataPorts: readonly number[];
  readonly username: string;
  readonly gid: number;
}

function configOf({ root, port, implicitPort, dataPorts, username, gid }: Settings): string {
  const passive = `PassivePorts ${dataPorts.at(0)} ${dataPorts.at(-1)}`;
  const tls = (more: string) => `
  TLSEngine on
  TLSProtocol TLSv1.2 TLSv1.3
  TLSRSACertificateFile ${root}/server.pem
  TLSRSACertificateKeyFile ${root}/server.key
  ${more}
  TLSRequired off`;
  return `
ServerName test
ServerType standalone
ModulePath /usr/lib/proftpd
LoadModule mod_tls.c
LoadModule mod_quotatab.c
LoadModule mod_quotatab_file.c
QuotaEngine on
QuotaLimitTable file:${root}/limits
QuotaTallyTable file:${root}/tallies
DefaultAddress 127.0.0.1
SocketBindTight on
Port ${port}
User ${username}
Group #${gid}
RootLogin on
RequireValidShell off
AuthOrder mod_auth_file.c
AuthUserFile ${root}/users
AuthPAM off
PidFile ${root}/pid
ScoreboardFile ${root}/scoreboard
DelayEngine off
TransferLog none
WtmpLog off
SystemLog ${root}/log
UseReverseDNS off
UseSendfile off
${passive}
MaxInstances 60
AllowOverwrite on
AllowStoreRestart on
TimesGMT on
<IfModule mod_facts.c>
  FactsAdvertise on
</IfModule>
${tls('')}
<Limit WRITE>
  DenyUser rita
</Limit>
<VirtualHost 127.0.0.1>
  Port ${implicitPort}
  ${passive}
  AuthOrder mod_auth_file.c
  AuthUserFile ${root}/users
  RootLogin on
  RequireValidShell off
  AllowOverwrite on
  AllowStoreRestart on
  TransferLog none
  ${tls('TLSOptions UseImplicitSSL')}
</VirtualHost>
`.replace(/^Group #(\d+)$/m, () => `Group ${execFileSync('id', ['-gn']).toString().trim()}`);
}

function makeQuota(root: string): void {
  const run = (...args: string[]) => execFileSync('/usr/sbin/ftpquota', args, { cwd: root, stdio: 'pipe' });
  const limits = ['--type=limit', '--table-path=limits'];
  run('--create-table', ...limits);
  run('--create-table', '--type=tally', '--table-path=tallies');
  const room = ['--quota-type=user', '--bytes-upload=20000', '--units=byte', '--limit-type=hard'];
  run('--add-record', ...limits, '--name=quentin', ...room);
}

async function makeCertificate(root: string): Promise<string> {
  const run = (...args: string[]) => execFileSync('openssl', args, { cwd: root, stdio: 'pipe' });
  const newKey = ['-newkey', 'rsa:2048', '-nodes'];
  run(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=Test authority',
  );
  run('req', ...newKey, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=127.0.0.1');
  await writeFile(path.join(root, 'names'), `subjectAltName=IP:127.0.0.1,IP:${otherAddress},DNS:localhost`);
  const sign = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
  run('x509', '-req', '-in', 'server.csr', ...sign, '-out', 'server.pem');
  return readFile(path.join(root, 'ca.pem'), 'utf8');
}
