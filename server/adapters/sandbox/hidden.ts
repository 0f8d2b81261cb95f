import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { isWithin } from '../tools/files/places.ts';

/** What of the disk a command is not shown, and what below that it is; absolute real paths. */
export interface Hidden {
  readonly folders: readonly string[];
  /** Read-only, below hidden folders. */
  readonly shown: readonly string[];
  /** Single files that are shown as empty: secrets of the system, doors of other programs. */
  readonly files: readonly string[];
}

/** Folders of sockets, of passing files, of people and of other disks, and where a system keeps its own secrets. */
const always = [
  ...['/run', '/tmp', '/var/tmp', '/home', '/root', '/Users', '/mnt', '/media', '/var/lib/docker'],
  ...[
    '/etc/ssh',
    '/etc/ssl/private',
    '/etc/wireguard',
    '/etc/NetworkManager',
    '/etc/kubernetes',
    '/etc/docker',
  ],
  ...[
    '/etc/sudoers.d',
    '/etc/sssd',
    '/etc/letsencrypt',
    '/var/lib/kubelet',
    '/var/backups',
    '/var/spool/cron',
  ],
];
/** Files of the same kind; only an administrator could read them anyway, and the butler may be one. */
const alwaysFiles = ['/etc/shadow', '/etc/shadow-', '/etc/gshadow', '/etc/gshadow-', '/etc/krb5.keytab'];

/** Where tools of a language live in a home folder, without settings and keys; some want to be told where. */
const toolFolders: Readonly<Record<string, string | null>> = {
  '.local/bin': null,
  '.local/lib': null,
  '.local/share/mise/installs': null,
  '.local/share/pnpm': null,
  '.local/share/uv': null,
  '.nvm/versions': null,
  '.fnm': null,
  '.bun/bin': null,
  '.deno/bin': null,
  '.cargo/bin': null,
  '.asdf/installs': null,
  '.sdkman/candidates': null,
  'go/bin': null,
  '.volta': 'VOLTA_HOME',
  '.rustup': 'RUSTUP_HOME',
  '.pyenv': 'PYENV_ROOT',
  '.rbenv': 'RBENV_ROOT',
};

/** The variables that tell language tools where they live, because the command has another home folder. */
export function toolVariables(): Record<string, string> {
  const home = real(homedir());
  return Object.fromEntries(
    Object.entries(toolFolders).flatMap(([name, variable]) => {
      const folder = home && variable ? real(path.join(home, name)) : null;
      return folder && variable ? [[variable, folder]] : [];
    }),
  );
}

/**
 * Everything in people's home folders is hidden, so that no list of places for credentials can be incomplete; only
 * programs on the search path and the folders of language tools are shown again.
 */
export function hiddenFolders(search: readonly string[], own: readonly string[]): Hidden {
  const home = real(homedir());
  const folders = [...always, ...(home && home !== '/' ? [home] : []), ...own]
    .flatMap((folder) => real(folder) ?? [])
    .filter((folder) => folder !== '/');
  const outermost = [...new Set(folders)].sort().filter((one, at, all) => !coveredBefore(one, at, all));
  const tools = home && home !== '/' ? Object.keys(toolFolders).map((name) => path.join(home, name)) : [];
  const libraries = search.filter((folder) => path.basename(folder) === 'bin').flatMap(librariesBeside);
  const shown = [...search, ...libraries, ...tools].flatMap((folder) => real(folder) ?? []);
  const below = shown.filter(
    (one) => outermost.some((folder) => one !== folder && isWithin(one, folder)) && !own.includes(one),
  );
  const widest = [...new Set(below)].sort().filter((one, at, all) => !coveredBefore(one, at, all));
  const files = [...alwaysFiles.flatMap((file) => real(file) ?? []), ...listeningSockets(outermost)];
  return { folders: outermost, shown: widest, files };
}

/** Programs in `x/bin` look for their libraries beside it. */
function librariesBeside(bin: string): string[] {
  return ['lib', 'lib64', 'libexec', 'include'].map((name) => path.join(bin, '..', name));
}

function coveredBefore(one: string, at: number, all: readonly string[]): boolean {
  return all.slice(0, at).some((other) => isWithin(one, other));
}

/** Sockets in the file system that somebody listens on, as the system lists them, outside of hidden folders. */
function listeningSockets(hidden: readonly string[]): string[] {
  const accepting = /^\S+ \S+ \S+ 00010000 .* (\/.+)$/;
  let table = '';
  try {
    table = readFileSync('/proc/net/unix', 'utf8');
  } catch {
    return [];
  }
  const all = table.split('\n').flatMap((line) => real(accepting.exec(line)?.[1] ?? '') ?? []);
  return [...new Set(all)].filter((file) => !hidden.some((folder) => isWithin(file, folder)));
}

function real(given: string): string | null {
  try {
    return path.isAbsolute(given) && existsSync(given) ? realpathSync(given) : null;
  } catch {
    return null;
  }
}
