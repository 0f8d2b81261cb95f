import { readdirSync, readFileSync } from 'node:fs';

/** Every process below one, leaving out some with all that is below them; empty where the system does not say. */
export function descendantsOf(pid: number, without: ReadonlySet<number>): number[] {
  const children = childrenOf(pid).filter((child) => !without.has(child));
  return [...children, ...children.flatMap((child) => descendantsOf(child, without))];
}

/** Time on a processor of a process and of the children that it has buried, in ms. */
export function cpuOf(pid: number): number {
  const fields = statOf(pid);
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * tick;
}

/** The most memory that a process ever had, in MB. */
export function peakMemoryOf(pid: number): number {
  const kilobytes = /VmHWM:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1];
  return Number(kilobytes ?? 0) / 1024;
}

/** Whether it is dead and only not buried yet. */
export const isDead = (pid: number): boolean => !/^[^XZ]$/.test(statOf(pid)[0] ?? 'X');

/** Ends a process without a word, or with a minus a group of them; one that is gone already is no fault. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** Whether this system says what its processes use. */
export const canMeter = (): boolean => peakMemoryOf(process.pid) > 0;

/** Linux counts processor time for programs in hundredths of a second. */
const tick = 10;

/** Any thread may have started a child. */
function childrenOf(pid: number): number[] {
  const threads = list(`/proc/${pid}/task`);
  return threads.flatMap((thread) =>
    read(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number),
  );
}

/** The fields of `/proc/<pid>/stat` behind the name, which may hold anything. */
function statOf(pid: number): string[] {
  const text = read(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** What a file of a process says; nothing once the process is gone. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
