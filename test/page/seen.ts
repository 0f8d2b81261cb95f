import type { Page } from 'playwright-core';

/** Lets what is in sight now have been in sight for longer than a press must wait, by a clock that is put forward. */
export async function beSeen(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let frame = 0; frame < 6; frame++) await new Promise((drawn) => requestAnimationFrame(drawn));
    const before = performance.now.bind(performance);
    performance.now = () => before() + 600;
  });
}
