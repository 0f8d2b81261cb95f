import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { isWithin } from '../tools/files/places.ts';

/** What a command's environment is made of. */
export interface EnvironmentNeeds {
  /** That of this process. */
  readonly from: Readonly<Record<string, string | undefined>>;
  /** No program is looked up below these folders. */
  readonly never: readonly string[];
  /** The home folder that the command is shown. */
  readonly home: string;
  readonly scratch: string;
}

/** Variables that say how to speak and where the system is, and nothing that is secret. */
const kept = [
  'LANG',
  'LANGUAGE',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'USER',
  'LOGNAME',
  'SystemRoot',
  'SystemDrive',
  'ComSpec',
  'PATHEXT',
  'NUMBER_OF_PROCESSORS',
  'PROCESSOR_ARCHITECTURE',
] as const;

/**
 * The environment of a command: made anew, so that no key of this process is in it (SECURITY S13), with a PATH of
 * folders that nobody but their owner or the system writes, never of the workspace (SECURITY S4).
 */
export function commandEnvironment(needs: EnvironmentNeeds): Record<string, string> {
  const { from, home, scratch } = needs;
  const plain = Object.fromEntries(
    kept.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])),
  );
  const folders = process.platform === 'win32' ? { USERPROFILE: home, TEMP: scratch, TMP: scratch } : {};
  return {
    LANG: 'C.UTF-8',
    ...plain,
    ...folders,
    PATH: searchPath(from, needs.never).join(path.delimiter),
    HOME: home,
    TMPDIR: scratch,
    TERM: 'dumb',
    NO_COLOR: '1',
    PAGER: 'cat',
    GIT_PAGER: 'cat',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    DEBIAN_FRONTEND: 'noninteractive',
    CI: '1',
  };
}

/** The folders in which programs are looked up, real paths, those of the system last. */
export function searchPath(
  from: Readonly<Record<string, string | undefined>>,
  never: readonly string[],
): string[] {
  const given = (from.PATH ?? from.Path ?? '').split(path.delimiter);
  const system = process.platform === 'win32' ? [] : ['/usr/local/bin', '/usr/bin', '/bin'];
  const found = [...given, ...system].flatMap((folder) => {
    const real = path.isAbsolute(folder) ? realFolder(folder) : null;
    return real && !never.some((one) => isWithin(real, one)) ? [real] : [];
  });
  return [...new Set(found)];
}

/** Finds a program by its name on such a path; `null` where there is none. */
export function findProgram(name: string, folders: readonly string[]): string | null {
  for (const folder of folders) {
    const file = path.join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return file;
    } catch {
      // Not there, or not to be run: the next folder may have it.
    }
  }
  return null;
}

/** A folder that not everybody may write into; a program put there by another user must not be ours. */
function realFolder(folder: string): string | null {
  try {
    const real = realpathSync(folder);
    const stat = statSync(real);
    return stat.isDirectory() && (process.platform === 'win32' || (stat.mode & 0o002) === 0) ? real : null;
  } catch {
    return null;
  }
}
