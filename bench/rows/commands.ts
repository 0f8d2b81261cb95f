import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { commandEnvironment } from '../../server/adapters/sandbox/environment.ts';
import { limitsOf } from '../../server/adapters/sandbox/limits.ts';
import { openSandbox } from '../../server/adapters/sandbox/openSandbox.ts';
import type { Family } from '../family.ts';
import { median, rowOf } from '../row.ts';
import type { Stage } from '../stage.ts';

const times = 20;
const program = ['/bin/sh', '-c', 'true'] as const;

/** What it costs to hold a command in a sandbox, beside the same command that nothing holds. */
export const commands: Family = {
  name: 'commands',
  measure: async (stage, note) => {
    const home = path.join(stage.folder, 'commands');
    await mkdir(home, { recursive: true });
    const sandbox = openSandbox({ home, ownFolders: [home], environment: process.env, rg: 'rg' });
    try {
      const state = await sandbox.state();
      if (!state.holds) {
        note(`commands: ${state.why}`);
        return [];
      }
      const held: number[] = [];
      const free: number[] = [];
      for (let time = 0; time <= times; time++) {
        const [one, other] = [
          await timeOf(() => runHeld(stage, sandbox)),
          await timeOf(() => runFree(stage)),
        ];
        if (time === 0) continue;
        held.push(one);
        free.push(other);
      }
      return [
        rowOf({
          name: 'a command in its sandbox, walls built and taken down',
          value: median(held),
          unit: 'ms',
          floor: median(free),
          limit: { atMost: 60, timesFloor: 25 },
        }),
      ];
    } finally {
      await sandbox.close();
    }
  },
};

async function runHeld({ workspace }: Stage, sandbox: ReturnType<typeof openSandbox>): Promise<void> {
  const held = await sandbox.hold({
    ...{ workspace, cwd: workspace, program, limits: limitsOf(30), hosts: [], mayChange: [], mayRead: [] },
    execution: 'bench',
    putsAside: true,
    signal: new AbortController().signal,
  });
  if (!held.ok) throw new Error(held.failure.what);
  const { file, args, environment, settle } = held.value;
  await ended(file, args, environment);
  await settle();
}

async function runFree({ folder }: Stage): Promise<void> {
  const [file, ...args] = program;
  const never: string[] = [];
  await ended(file, args, commandEnvironment({ from: process.env, never, home: folder, scratch: folder }));
}

function ended(file: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env, stdio: 'ignore' });
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`it ended with ${code}`))));
  });
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
