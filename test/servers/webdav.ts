import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../support/freePort.ts';

/** A WebDAV server of this machine: lighttpd, with the folders `/dav` to write in and `/fixed` to read only. */
export interface WebdavServer extends AsyncDisposable {
  readonly port: number;
  /** Where the files of `/` lie on disk. */
  readonly root: string;
  readonly user: string;
  readonly password: string;
}

/** Starts one on a free port of the loopback. */
export async function startWebdav(): Promise<WebdavServer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'butler-dav-'));
  const root = path.join(folder, 'root');
  for (const name of ['root/dav', 'root/fixed', 'root/plain', 'temporary']) {
    await mkdir(path.join(folder, name), { recursive: true });
  }
  const [user, password] = ['anna', ['a', 'word', 'of', 'tests'].join('-')];
  await writeFile(path.join(folder, 'users'), `${user}:${password}\n`);
  for (let tries = 0; ; tries++) {
    const port = await freePort();
    await writeFile(path.join(folder, 'lighttpd.conf'), configOf(folder, root, port));
    const child = spawn('/usr/sbin/lighttpd', ['-D', '-f', path.join(folder, 'lighttpd.conf')], {
      stdio: 'ignore',
    });
    const ended = once(child, 'exit').then(() => true);
    if (await Promise.race([answers(port), ended.then(() => false)])) {
      return {
        port,
        root,
        user,
        password,
        [Symbol.asyncDispose]: async () => {
          child.kill('SIGKILL');
          await ended;
          await rm(folder, { recursive: true, force: true });
        },
      };
    }
    if (tries === 3) throw new Error('lighttpd did not start');
  }
}

function configOf(folder: string, root: string, port: number): string {
  return `
server.modules = ("mod_auth", "mod_authn_file", "mod_webdav")
server.document-root = "${root}"
server.upload-dirs = ("${folder}/temporary")
server.bind = "127.0.0.1"
server.port = ${port}
server.errorlog = "${folder}/errors"
server.max-request-size = 0
auth.backend = "plain"
auth.backend.plain.userfile = "${folder}/users"
auth.require = ("/dav" => ("method" => "basic", "realm" => "tests", "require" => "valid-user"),
  "/fixed" => ("method" => "basic", "realm" => "tests", "require" => "valid-user"))
$HTTP["url"] =~ "^/dav($|/)" { webdav.activate = "enable" }
$HTTP["url"] =~ "^/fixed($|/)" { webdav.activate = "enable" webdav.is-readonly = "enable" }
`;
}

/** Waits until somebody listens. */
async function answers(port: number): Promise<boolean> {
  for (let tries = 0; tries < 200; tries++) {
    const socket = net.connect(port, '127.0.0.1');
    const open = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (open) return true;
    await sleep(25);
  }
  return false;
}
