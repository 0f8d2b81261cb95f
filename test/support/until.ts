import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

const longest = 20_000;

/** Waits until something is so, and fails where it never is. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + longest;
  while (!(await holds())) {
    assert.ok(performance.now() < end, 'it came to be in time');
    await pause(10);
  }
}
