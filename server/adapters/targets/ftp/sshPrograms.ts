import path from 'node:path';
import { failures } from '../../../protocol/failure.ts';
import { findProgram, searchPath } from '../../sandbox/environment.ts';
import { TargetFault } from '../targetFault.ts';

/** The programs of OpenSSH that are used, by absolute paths. */
export interface SshPrograms {
  readonly ssh: string;
  readonly keyscan: string;
}

/** Finds OpenSSH's client: where the system puts it, else on the PATH, never in the workspace. */
export function sshPrograms(
  workspace: string,
  from: Readonly<Record<string, string | undefined>> = process.env,
): SshPrograms {
  const never = workspace === '' ? [] : [workspace];
  const folders = [...searchPath({ PATH: systemFolders(from) }, []), ...searchPath(from, never)];
  const ending = process.platform === 'win32' ? '.exe' : '';
  const ssh = findProgram(`ssh${ending}`, folders);
  const keyscan = findProgram(`ssh-keyscan${ending}`, folders);
  if (ssh && keyscan) return { ssh, keyscan };
  const what = `There is no program "${ssh ? 'ssh-keyscan' : 'ssh'}" on this machine, which SFTP needs.`;
  const mend = 'Install the OpenSSH client (the package "openssh-client", on Windows an optional feature).';
  throw new TargetFault(failures.tool(what, mend));
}

function systemFolders(from: Readonly<Record<string, string | undefined>>): string {
  const { SystemRoot = 'C:\\Windows', ProgramFiles = 'C:\\Program Files' } = from;
  const folders =
    process.platform === 'win32'
      ? [`${SystemRoot}\\System32\\OpenSSH`, `${ProgramFiles}\\OpenSSH`, `${ProgramFiles}\\Git\\usr\\bin`]
      : ['/usr/bin', '/bin'];
  return folders.join(path.delimiter);
}
