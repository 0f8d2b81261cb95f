import assert from 'node:assert/strict';

/** Waits until something holds; fails when it never does. */
export async function until(holds: () => boolean | Promise<boolean>, tries = 100): Promise<void> {
  for (let count = 0; count < tries; count++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, count < 10 ? 15 : 50));
  }
  assert.fail(`never came true: ${holds}`);
}
