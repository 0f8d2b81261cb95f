import { access, constants, mkdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { isWithin } from '../tools/files/places.ts';

/** What a program is started with: nothing of the workspace's, and nothing that it was not given. */
export interface Start {
  /** Absolute path. */
  readonly program: string;
  /** A private folder: what a program looks up beside itself is not found in a workspace. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The names of the environment that every program is given, where they are set. */
const handedOn = `HOME USER LOGNAME LANG LC_ALL LC_CTYPE TZ TMPDIR TEMP TMP
  SystemRoot ComSpec PATHEXT APPDATA LOCALAPPDATA USERPROFILE`.split(/\s+/);

/**
 * Finds what a command names: an absolute path, or a program on the PATH; never one that lies in a workspace
 * folder, nor anything relative (SECURITY S4).
 */
export async function startOf(
  { command, env }: { readonly command: string; readonly env: Readonly<Record<string, string>> },
  { folder, workspaces }: { readonly folder: string; readonly workspaces: readonly string[] },
): Promise<Outcome<Start>> {
  const isInside = (at: string) => workspaces.some((workspace) => isWithin(at, workspace));
  const folders = (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter((one) => path.isAbsolute(one) && !isInside(one));
  const program = await find(command, folders, isInside);
  if (!program.ok) return program;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const own = handedOn.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return good({
    program: program.value,
    cwd: folder,
    env: { ...Object.fromEntries(own), PATH: folders.join(path.delimiter), ...env },
  });
}

async function find(
  command: string,
  folders: readonly string[],
  isInside: (at: string) => boolean,
): Promise<Outcome<string>> {
  if (path.isAbsolute(command)) {
    const real = await runnable(command);
    if (real === null) return bad(missing(command));
    return isInside(real) || isInside(command) ? bad(inWorkspace(command)) : good(command);
  }
  if (/[/\\]/.test(command)) return bad(relative(command));
  for (const folder of folders) {
    for (const ending of process.platform === 'win32' ? ['.exe'] : ['']) {
      const at = path.join(folder, command + ending);
      const real = await runnable(at);
      if (real !== null && !isInside(real)) return good(at);
    }
  }
  return bad(missing(command));
}

/** The real path of a program that can be run; `null` where there is none. */
async function runnable(at: string): Promise<string | null> {
  try {
    await access(at, constants.X_OK);
    return await realpath(at);
  } catch {
    return null;
  }
}

function missing(command: string) {
  return failures.tool(`There is no program "${command}".`, 'Install it, or name it by its absolute path.');
}

function relative(command: string) {
  return failures.denied(
    `"${command}" is relative, and nothing tells to what.`,
    'Name the program by its absolute path, or by its name alone.',
  );
}

function inWorkspace(command: string) {
  return failures.denied(
    `"${command}" lies in the workspace, and no program is started from there.`,
    'Install the server elsewhere; its arguments may name files of the workspace.',
  );
}
