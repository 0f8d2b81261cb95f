import { hash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { bubblewrapArgs, scratch, shownHome } from './bubblewrap.ts';
import type { CommandSandbox, Hold, HoldRequest } from './commandSandbox.ts';
import { type Door, type Doors, openDoors } from './door.ts';
import { commandEnvironment, findProgram, searchPath } from './environment.ts';
import { bubblewrapFinder } from './findBubblewrap.ts';
import { openFitness } from './fitness.ts';
import { type Guard, guardWorkspace } from './guardWorkspace.ts';
import { openHeldFolders } from './heldFolders.ts';
import { hiddenFolders, toolVariables } from './hidden.ts';
import { limited } from './limits.ts';
import type { SandboxGround } from './sandboxGround.ts';

/** What is written into an approval of a held command; another one when the walls are built in another way. */
const profile = 'bubblewrap 1';

/** Holds commands on Linux by bubblewrap. */
export function linuxSandbox(ground: SandboxGround): CommandSandbox {
  const held = openHeldFolders(ground.home);
  const fits = openFitness(ground.ownFolders);
  const find = bubblewrapFinder();
  const doors = doorsOf(ground);
  const ready = async (workspace: string, signal: AbortSignal): Promise<Outcome<string>> => {
    const fault = await fits(workspace, signal);
    if (fault) return bad(failures.tool(fault.why, fault.mend));
    const found = await find(ground.programs ?? searchOf(ground, workspace));
    return typeof found === 'string' ? good(found) : bad(failures.tool(found.why, found.mend));
  };
  return {
    scratch,
    state: async () => {
      const found = await find(ground.programs ?? searchOf(ground));
      return typeof found === 'string' ? { holds: true, by: 'bubblewrap' } : found;
    },
    check: async (workspace, signal) => {
      const found = await ready(workspace, signal);
      if (!found.ok) return found;
      return good(`${profile} ${hash('sha256', JSON.stringify(environmentOf(ground, workspace)))}`);
    },
    hold: async (request) => {
      const bubblewrap = await ready(request.workspace, request.signal);
      if (!bubblewrap.ok) return bubblewrap;
      const door = await doors.open(request, bubblewrap.value);
      if (!door.ok) return door;
      const guard = await guardWorkspace(request, ground, held);
      if (guard.ok)
        return good(await wallsAround(request, ground, bubblewrap.value, guard.value, door.value));
      door.value?.close();
      return guard;
    },
    close: doors.close,
  };
}

async function wallsAround(
  request: HoldRequest,
  ground: SandboxGround,
  bubblewrap: string,
  guard: Guard,
  door: Door | null,
): Promise<Hold> {
  const { workspace, cwd, limits } = request;
  const args = bubblewrapArgs({
    workspace,
    cwd,
    hidden: hiddenFolders(searchOf(ground, workspace), ground.ownFolders),
    limits,
    guarded: guard.guarded.map((one) => one.path),
    writable: guard.writable,
    secrets: guard.secrets,
    own: ground.ownFolders,
    empty: await emptyFile(ground.home),
    door,
  });
  const program = limited(limits, request.program);
  return {
    file: bubblewrap,
    args: [...args, ...(door ? door.through(program) : program)],
    environment: { ...environmentOf(ground, workspace), ...door?.environment },
    settle: async () => {
      door?.close();
      return guard.settle();
    },
  };
}

function searchOf({ environment, ownFolders }: SandboxGround, workspace?: string): string[] {
  return searchPath(environment, [...(workspace ? [workspace] : []), ...ownFolders]);
}

function environmentOf({ environment, ownFolders }: SandboxGround, workspace: string) {
  const never = [workspace, ...ownFolders];
  return {
    ...commandEnvironment({ from: environment, never, home: shownHome, scratch }),
    ...toolVariables(),
  };
}

/** Opens a door where hosts were granted; what stands behind it is started with the first. */
function doorsOf(ground: SandboxGround) {
  let doors: Doors | null = null;
  return {
    open: async (request: HoldRequest, bwrap: string): Promise<Outcome<Door | null>> => {
      if (request.hosts.length === 0) return good(null);
      const socat = findProgram('socat', ground.programs ?? searchOf(ground, request.workspace));
      if (!socat) return bad(noSocat);
      doors ??= openDoors({ rg: ground.rg, bwrap, socat });
      return doors.open(request.hosts);
    },
    close: async () => doors?.close(),
  };
}

async function emptyFile(home: string): Promise<string> {
  const file = path.join(home, 'empty');
  await mkdir(home, { recursive: true, mode: 0o700 });
  await writeFile(file, '', { mode: 0o400 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EACCES') throw error;
  });
  return file;
}

const noSocat = failures.tool(
  'socat is not installed, so a held command cannot reach single hosts.',
  'Install it with "sudo apt-get install socat", or the like of your system.',
);
