import { readFileSync } from 'node:fs';
import { until } from './until.ts';

/** Whether a process has ended, though perhaps nobody has taken note of it yet. */
export function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return true;
  }
  return / Z /.test(stateOf(pid));
}

/** Waits until processes are gone: one that was killed goes when the machine comes to it. */
export function gone(...pids: readonly number[]): Promise<void> {
  return until(() => pids.every(isGone));
}

/** What Linux tells of a process; nothing elsewhere, or of one that has just ended. */
function stateOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}
