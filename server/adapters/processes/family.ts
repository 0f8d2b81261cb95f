import { readdirSync, readFileSync } from 'node:fs';

/** A process with all that it started and what they take together. */
export interface Family {
  readonly pids: readonly number[];
  /** Bytes of memory that they fill. */
  readonly memory: number;
}

const page = 4096;
/** More are not counted one by one: so many are too many in any case. */
const mostCounted = 5000;

/** Everything that descends from a process, itself included, by the tables of Linux; empty where there are none. */
export function familyOf(pid: number): Family {
  const pids: number[] = [];
  const open = [pid];
  for (let one = open.pop(); one !== undefined && pids.length < mostCounted; one = open.pop()) {
    pids.push(one);
    open.push(...childrenOf(one));
  }
  return { pids, memory: pids.slice(0, mostCounted).reduce((sum, one) => sum + memoryOf(one), 0) };
}

/** Processes that carry a mark in their environment, whoever their parent is by now. */
export function markedProcesses(mark: string): number[] {
  const wanted = `\0${mark}\0`;
  return numbered('/proc').filter((pid) => `\0${read(`/proc/${pid}/environ`)}`.includes(wanted));
}

function childrenOf(pid: number): number[] {
  return numbered(`/proc/${pid}/task`).flatMap((task) =>
    read(`/proc/${pid}/task/${task}/children`)
      .split(' ')
      .filter((one) => one !== '')
      .map(Number),
  );
}

function memoryOf(pid: number): number {
  const [, resident = '0', shared = '0'] = read(`/proc/${pid}/statm`).split(' ');
  return Math.max(0, Number(resident) - Number(shared)) * page;
}

function numbered(folder: string): number[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
