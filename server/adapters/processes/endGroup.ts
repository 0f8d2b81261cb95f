import { type ChildProcess, spawnSync } from 'node:child_process';
import { afterDeath } from './afterDeath.ts';
import { familyOf, markedProcesses } from './family.ts';

/** How long a program may take to end by itself when it is told to, in ms. */
export const grace = 500;

/** The name of the variable that marks every process of an execution. */
export const markName = 'BUTLER_EXECUTION';

/** Ends a process group with all that it started: first it is told, then, after `within` ms, it is made to. */
export async function endGroup(child: ChildProcess, execution: string, within: number): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/T', '/F', '/PID', String(pid)], { windowsHide: true });
    return;
  }
  if (within === 0) signal(-pid, 'SIGKILL');
  const family = familyOf(pid).pids;
  if (within > 0) {
    signal(-pid, 'SIGTERM');
    await gone(child, within);
  }
  signal(-pid, 'SIGKILL');
  killAll(family.filter((one) => one !== pid));
  endStrays(execution);
}

/** Ends what left its group and its parents; what is held by a sandbox of Linux cannot. */
export function endStrays(execution: string): void {
  if (process.platform === 'linux') killAll(markedProcesses(`${markName}=${execution}`));
}

/** Ends the group, then whatever bears the mark and left the group. */
const guardScript = [
  'kill -TERM -- "-$1" 2>/dev/null; sleep 0.3; kill -KILL -- "-$1" 2>/dev/null',
  'for file in $(grep -slaF "$2" /proc/[0-9]*/environ); do',
  '  kill -KILL "$(echo "$file" | cut -d / -f 3)" 2>/dev/null',
  'done',
].join('\n');

/** Watches that a group does not outlive this process; answers how to call it off. */
export function guardGroup(pid: number, execution: string): () => void {
  return afterDeath(guardScript, String(pid), `${markName}=${execution}`);
}

function killAll(pids: readonly number[]): void {
  for (const pid of pids) signal(pid, 'SIGKILL');
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It is gone already.
  }
}

async function gone(child: ChildProcess, within: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, within);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
