import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ssh2, { type ServerConfig } from 'ssh2';

/** An SSH server of another make than OpenSSH, which only lets in. */
export interface SshGuard extends AsyncDisposable {
  readonly port: number;
  readonly credential: { readonly password: string; readonly fingerprint: string };
  /** The ways in which somebody tried to log in. */
  readonly tries: readonly string[];
}

/** Starts one on a free port of the loopback. */
export async function startSsh2({
  algorithms,
  methods = ['password'],
}: {
  readonly algorithms?: object;
  readonly methods?: readonly ('password' | 'keyboard-interactive')[];
}): Promise<SshGuard> {
  const root = await mkdtemp(path.join(tmpdir(), 'butler-ssh2-'));
  const kinds = {
    'ssh-ed25519': 'ed25519',
    'ecdsa-sha2-nistp256': 'ecdsa',
    'rsa-sha2-512': 'rsa',
    'rsa-sha2-256': 'rsa',
  };
  const wanted =
    (algorithms as { serverHostKey?: (keyof typeof kinds)[] })?.serverHostKey?.[0] ?? 'ssh-ed25519';
  const file = path.join(root, 'host');
  const kind = kinds[wanted];
  const bits = kind === 'rsa' ? ['-b', '2048', '-m', 'PEM'] : [];
  execFileSync('ssh-keygen', ['-q', '-t', kind, '-N', '', '-C', 'test', ...bits, '-f', file]);
  const fingerprint =
    execFileSync('ssh-keygen', ['-l', '-f', `${file}.pub`])
      .toString()
      .split(' ')[1] ?? '';
  const password = ['pass', 'word', 'of', 'a', 'test'].join('-');
  const tries: string[] = [];
  const config = { hostKeys: [await readFile(file)], ...(algorithms ? { algorithms } : {}) } as ServerConfig;
  const server = new ssh2.Server(config, (client) => {
    client.on('error', () => {});
    client.on('authentication', (context) => {
      tries.push(context.method);
      const isAsked = methods.some((method) => method === context.method);
      if (!isAsked) return context.reject([...methods]);
      if (context.method === 'password') {
        return context.password === password ? context.accept() : context.reject([...methods]);
      }
      if (context.method !== 'keyboard-interactive') return context.reject();
      context.prompt([{ prompt: 'Password: ', echo: false }], (answers) =>
        answers[0] === password ? context.accept() : context.reject(),
      );
    });
    client.on('session', (accept) => {
      accept().on('sftp', (begin) => begin());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    credential: { password, fingerprint },
    tries,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}
