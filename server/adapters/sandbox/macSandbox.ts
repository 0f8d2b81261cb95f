import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import type { CommandSandbox, Hold, HoldRequest } from './commandSandbox.ts';
import { commandEnvironment, searchPath } from './environment.ts';
import { openFitness } from './fitness.ts';
import { type Guard, guardWorkspace } from './guardWorkspace.ts';
import { openHeldFolders } from './heldFolders.ts';
import { hiddenFolders, toolVariables } from './hidden.ts';
import { limited } from './limits.ts';
import type { Runtime } from './runtime.ts';
import type { SandboxGround } from './sandboxGround.ts';

/** What is written into an approval of a held command. */
const profile = 'seatbelt 1';

/** Holds commands on macOS by seatbelt, through the profiles of the sandbox runtime. */
export function macSandbox(ground: SandboxGround): CommandSandbox {
  const held = openHeldFolders(ground.home);
  const fits = openFitness(ground.ownFolders);
  let starting: Promise<Runtime> | null = null;
  const start = async (): Promise<Outcome<Runtime>> => {
    try {
      starting ??= import('./runtime.ts').then(({ startRuntime }) => startRuntime({ rg: ground.rg }));
      return good(await starting);
    } catch (error) {
      starting = null;
      const why = error instanceof Error ? error.message : String(error);
      return bad(
        failures.tool(`Nothing can hold a command here: ${why}.`, 'Repair the system, then try again.'),
      );
    }
  };
  const ready = async (workspace: string, signal: AbortSignal): Promise<Outcome<Runtime>> => {
    const fault = await fits(workspace, signal);
    return fault ? bad(failures.tool(fault.why, fault.mend)) : start();
  };
  return {
    scratch: null,
    state: async () => {
      const runtime = await start();
      if (runtime.ok) return { holds: true, by: 'seatbelt' };
      return { holds: false, why: runtime.failure.what, mend: runtime.failure.mend };
    },
    check: async (workspace, signal) => {
      const runtime = await ready(workspace, signal);
      return runtime.ok ? good(profile) : runtime;
    },
    hold: async (request) => {
      const runtime = await ready(request.workspace, request.signal);
      if (!runtime.ok) return runtime;
      const guard = await guardWorkspace(request, ground, held);
      return guard.ok ? good(await wallsAround(request, ground, runtime.value, guard.value)) : guard;
    },
    close: async () => (await starting?.catch(() => null))?.reset(),
  };
}

async function wallsAround(
  request: HoldRequest,
  ground: SandboxGround,
  runtime: Runtime,
  guard: Guard,
): Promise<Hold> {
  const { workspace, hosts, signal } = request;
  const never = [workspace, ...ground.ownFolders];
  const hidden = hiddenFolders(searchPath(ground.environment, never), ground.ownFolders);
  const scratch = path.join(ground.home, 'scratch', request.execution);
  await mkdir(scratch, { recursive: true, mode: 0o700 });
  const id = randomBytes(24).toString('base64url');
  if (hosts.length > 0) runtime.registerCommandNetworkLists(id, { allowedDomains: [...hosts] });
  const command = limited(request.limits, request.program).map(quoted).join(' ');
  const filesystem = {
    denyRead: [...hidden.folders, ...hidden.files, ...guard.secrets.map((one) => one.path)],
    allowRead: [...hidden.shown, workspace, scratch],
    allowWrite: [workspace, scratch],
    denyWrite: guard.guarded.map((one) => one.path),
  };
  const wrapped = await runtime.wrapWithSandbox(command, '/bin/sh', { filesystem }, signal, {
    commandId: id,
  });
  return {
    file: '/bin/sh',
    args: ['-c', wrapped],
    environment: {
      ...commandEnvironment({ from: ground.environment, never, home: scratch, scratch }),
      ...toolVariables(),
    },
    settle: async () => {
      runtime.unregisterCommandNetworkLists(id);
      runtime.cleanupAfterCommand();
      await rm(scratch, { recursive: true, force: true });
      return guard.settle();
    },
  };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
