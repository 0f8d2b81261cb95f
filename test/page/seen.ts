import type { Page } from 'playwright-core';
import { putForward } from '../support/sight.ts';

/** Lets what is in sight now have been in sight for longer than a press must wait. */
export async function beSeen(page: Page): Promise<void> {
  await page.evaluate(putForward);
}

/** Begins to watch for a button, which is pressed in the very moment in which it stands there with such words. */
export async function pressAtOnce(page: Page, button: string, words = ''): Promise<void> {
  await page.evaluate(
    ([selector, wanted]) => {
      const look = () => {
        const found = document.querySelector<HTMLElement>(selector);
        if (!found?.textContent?.includes(wanted)) return;
        observer.disconnect();
        found.click();
        document.body.dataset.pressed = 'yes';
      };
      const observer = new MutationObserver(look);
      observer.observe(document.body, { childList: true, subtree: true, characterData: true });
    },
    [button, words] as const,
  );
}

/** Resolves when the press was made. */
export async function pressed(page: Page): Promise<void> {
  await page.locator('body[data-pressed]').waitFor();
}
