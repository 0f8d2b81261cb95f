import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

/** What has not come by then hangs: a test ends soon after, and would not say what it waited for. */
const longest = 50_000;

/** Waits until something is so, and fails where it never is. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + longest;
  while (!(await holds())) {
    assert.ok(performance.now() < end, `never came true: ${holds}`);
    await pause(10);
  }
}
