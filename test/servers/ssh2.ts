import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ssh2 from 'ssh2';

/** An SSH server of another make than OpenSSH, which only lets in, as OpenSSH's own does by passwords of the system alone. */
export interface SshGuard extends AsyncDisposable {
  readonly port: number;
  readonly credential: { readonly password: string; readonly fingerprint: string };
  /** The ways in which somebody tried to log in. */
  readonly tries: readonly string[];
  /** What was answered to its questions. */
  readonly answers: readonly string[];
}

/** Starts one on a free port of the loopback. */
export async function startSsh2({
  method = 'password',
  asks = 'Password: ',
  serve = () => {},
}: {
  readonly method?: 'password' | 'keyboard-interactive';
  readonly asks?: string;
  /** Answers what is asked by SFTP; nothing is by default. */
  readonly serve?: (sftp: ssh2.SFTPWrapper) => void;
}): Promise<SshGuard> {
  const root = await mkdtemp(path.join(tmpdir(), 'butler-ssh2-'));
  const file = path.join(root, 'host');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', file]);
  const listed = execFileSync('ssh-keygen', ['-l', '-f', `${file}.pub`]).toString();
  const [, fingerprint = ''] = listed.split(' ');
  const password = ['  $HOME', '`id`', '"pass"', "'word'", '\\n%s', 'für'].join(' & ');
  const tries: string[] = [];
  const answers: string[] = [];
  const server = new ssh2.Server({ hostKeys: [await readFile(file)] }, (client) => {
    client.on('error', () => {});
    client.on('authentication', (context) => {
      tries.push(context.method);
      if (context.method === 'password' && method === 'password') {
        return context.password === password ? context.accept() : context.reject([method]);
      }
      if (context.method === 'keyboard-interactive' && method === 'keyboard-interactive') {
        return context.prompt([{ prompt: asks, echo: false }], (given) => {
          answers.push(...given);
          return given[0] === password ? context.accept() : context.reject();
        });
      }
      return context.reject([method]);
    });
    client.on('session', (accept) => {
      accept().on('sftp', (begin) => serve(begin()));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    credential: { password, fingerprint },
    tries,
    answers,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}
