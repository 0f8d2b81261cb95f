import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { lstat, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterDeath } from '../../processes/afterDeath.ts';
import type { HostKey } from './hostKeys.ts';

/** What a login needs. */
export interface LoginSecrets {
  readonly password: string;
  readonly privateKey: string;
  readonly passphrase: string;
}

/** A folder of one login that only this user can read; OpenSSH runs in it, so that names alone lead to its files. */
export interface LoginFolder {
  readonly path: string;
  /** The name of the file with the private key; nobody else can guess it. */
  readonly key: string;
  /** Absolute path of the script that hands out the password or the passphrase. */
  readonly askpass: string;
  /** Removes everything in it, and itself where nobody works in it any more. */
  remove(): void;
}

/** The name under which the server's keys stand in the folder's file `known`. */
export const hostAlias = 'server';

/** How the folders begin. */
const folderName = 'butler-ssh-';
/** After which time a folder is one of a process that died, in ms; a login may take half of it. */
const longestLogin = 60_000;

/** Makes the folder for a login. */
export async function makeLoginFolder(
  keys: readonly HostKey[],
  { password, privateKey, passphrase }: LoginSecrets,
): Promise<LoginFolder> {
  await sweepLogins();
  const folder = await mkdtemp(path.join(tmpdir(), folderName));
  const unguard = afterDeath('rm -rf -- "$1"', folder);
  const remove = () => {
    clear(folder);
    unguard();
  };
  try {
    const key = `key-${randomBytes(12).toString('hex')}`;
    const askpass = process.platform === 'win32' ? 'askpass.cmd' : 'askpass';
    const write = (name: string, text: string, mode = 0o600) =>
      writeFile(path.join(folder, name), text, { mode, flag: 'wx' });
    await write('known', keys.map(({ kind, blob }) => `${hostAlias} ${kind} ${blob}\n`).join(''));
    if (privateKey.trim() !== '') await write(key, `${privateKey.trim().replaceAll('\r\n', '\n')}\n`);
    if (passphrase !== '') await write('passphrase', `${passphrase}\n`);
    if (password !== '') await write('password', `${password}\n`);
    await write(askpass, process.platform === 'win32' ? batch : scriptFor(key), 0o700);
    return { path: folder, key, askpass: path.join(folder, askpass), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Hands out the passphrase of the one key, else the password, but no password where a new one is wanted. */
function scriptFor(key: string): string {
  return `#!/bin/sh
cd "\${0%/*}" || exit 1
case "$1" in
*"'${key}'"*) exec cat passphrase ;;
*[Nn]"ew password"* | *[Oo]"ld password"*) exit 1 ;;
*) exec cat password ;;
esac
`;
}

/** Looks at nothing that it is given: a key comes with its passphrase only, or else there is a password. */
const batch = `@echo off\r
if exist "%~dp0passphrase" (type "%~dp0passphrase") else (type "%~dp0password")\r
`;

/** At once, so that a secret does not outlast its use even where this process ends next. */
function clear(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Windows keeps the folder of a process at work; what lies in it is gone.
  }
}

/** Removes what was left all the same, as where the machine went down in a login; a key may lie in it. */
async function sweepLogins(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  for (const name of names) {
    if (!/^butler-ssh-\w{6}$/.test(name)) continue;
    const folder = path.join(tmpdir(), name);
    const there = await lstat(folder).catch(() => null);
    const isOld = there?.isDirectory() === true && Date.now() - there.mtimeMs > longestLogin;
    const isOurs = there?.uid === process.getuid?.() || process.platform === 'win32';
    if (isOld && isOurs) await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}
