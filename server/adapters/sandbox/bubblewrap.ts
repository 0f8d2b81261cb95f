import { isWithin } from '../tools/files/places.ts';
import type { Hidden } from './hidden.ts';
import type { Limits } from './limits.ts';

/** Something that stands at a path. */
export interface Standing {
  readonly path: string;
  readonly isFolder: boolean;
}

/** What bubblewrap is to build around one command; absolute real paths. */
export interface Walls {
  readonly workspace: string;
  readonly cwd: string;
  readonly hidden: Hidden;
  readonly limits: Limits;
  /** Read-only in the workspace. */
  readonly guarded: readonly string[];
  /** In guarded folders, writable nevertheless. */
  readonly writable: readonly string[];
  /** Files and folders of the workspace that are shown as empty. */
  readonly secrets: readonly Standing[];
  /** Our own folders, hidden wherever they are. */
  readonly own: readonly string[];
  /** An empty file that takes the place of a hidden one. */
  readonly empty: string;
  /** The socket of the proxy that lets granted hosts through, and where it is shown; `null` without network. */
  readonly door: { readonly socket: string; readonly shown: string } | null;
}

/** The folder for passing files as the command sees it. */
export const scratch = '/tmp';
/** The home folder as the command sees it. */
export const shownHome = '/tmp/home';

/**
 * The arguments that let bubblewrap hold a command: the disk is read-only, the workspace is writable but for what
 * is guarded, people's folders, sockets and our own are not there, and it has processes, users and network of its
 * own. Later mounts lie over earlier ones. Every memory file system has a size.
 */
export function bubblewrapArgs(walls: Walls): string[] {
  const { workspace, hidden, limits, door } = walls;
  const isTmp = (folder: string) => folder === scratch;
  const covers = hidden.folders.filter((folder) => !isTmp(folder));
  const inWorkspace = (file: string) => isWithin(file, workspace);
  const own = walls.own.filter((folder) => inWorkspace(folder) && folder !== workspace);
  return [
    ...namespaces,
    ...['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'],
    ...empty('/dev/shm', 64 * 1024 * 1024),
    ...covers.flatMap((folder) => empty(folder)),
    ...empty(scratch, limits.scratch),
    ...['--dir', shownHome],
    ...hidden.shown.flatMap((folder) => ['--ro-bind', folder, folder]),
    ...['--bind', workspace, workspace],
    ...walls.guarded.flatMap((file) => ['--ro-bind', file, file]),
    ...walls.writable.flatMap((file) => ['--bind', file, file]),
    ...walls.secrets.flatMap((one) => (one.isFolder ? shut(one.path) : ['--ro-bind', walls.empty, one.path])),
    ...own.flatMap(shut),
    ...hidden.files.flatMap((file) => ['--ro-bind', walls.empty, file]),
    ...(door ? ['--bind', door.socket, door.shown] : []),
    ...covers.flatMap((folder) => ['--remount-ro', folder]),
    // An administrator without any right may still write the settings of the kernel, which lie there.
    ...['--remount-ro', '/proc', '--remount-ro', '/dev', '--chdir', walls.cwd, '--'],
  ];
}

const namespaces = [
  ...['--unshare-user', '--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'],
  ...['--unshare-net', '--die-with-parent', '--new-session', '--cap-drop', 'ALL', '--disable-userns'],
];

/** A folder of memory in the place of another, as small as can be unless it is for use. */
function empty(folder: string, size = 64 * 1024): string[] {
  return ['--perms', '0700', '--size', String(size), '--tmpfs', folder];
}

function shut(folder: string): string[] {
  return [...empty(folder), '--remount-ro', folder];
}
