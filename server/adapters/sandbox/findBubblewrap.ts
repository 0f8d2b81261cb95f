import { spawn } from 'node:child_process';
import type { SandboxState } from '../../core/ports/sandbox.ts';
import { findProgram } from './environment.ts';

/** Why nothing can be held. */
export type Lack = Extract<SandboxState, { holds: false }>;

/** Looks for bubblewrap on a search path, and once for each place whether it may do its work. */
export function bubblewrapFinder(): (search: readonly string[]) => Promise<string | Lack> {
  const probed = new Map<string, Promise<string | Lack>>();
  return async (search) => {
    const file = findProgram('bwrap', search);
    if (!file) return missing;
    const probing = probed.get(file) ?? probe(file);
    probed.set(file, probing);
    const found = await probing;
    if (typeof found !== 'string') probed.delete(file);
    return found;
  };
}

/**
 * Containers and some systems forbid it to make namespaces. An old one cannot forbid them inside of its own, where a
 * command could move its walls aside.
 */
async function probe(file: string): Promise<string | Lack> {
  const walls = [
    '--unshare-user',
    '--unshare-pid',
    '--unshare-net',
    '--ro-bind',
    '/',
    '/',
    '--proc',
    '/proc',
  ];
  const base = [...walls, '--size', '65536', '--tmpfs', '/tmp', '--cap-drop', 'ALL'];
  if (await runs(file, [...base, '--disable-userns'])) return file;
  return (await runs(file, [...walls, '--cap-drop', 'ALL'])) ? tooOld : refused;
}

function runs(file: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(file, [...args, '--', '/bin/sh', '-c', 'true'], {
      env: {},
      stdio: 'ignore',
      timeout: 5000,
      killSignal: 'SIGKILL',
    });
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
}

const missing: Lack = {
  holds: false,
  why: 'bubblewrap is not installed, so nothing can hold a command here.',
  mend: 'Install it with "sudo apt-get install bubblewrap socat", or the like of your system.',
};
const tooOld: Lack = {
  holds: false,
  why: 'This bubblewrap is too old to hold a command.',
  mend: 'Install version 0.8 or later of it.',
};
const refused: Lack = {
  holds: false,
  why: 'This system does not let bubblewrap make a sandbox.',
  mend: 'Allow user namespaces for bubblewrap, or run outside of the container that forbids them.',
};
