import path from 'node:path';
import { errors, type FrameLocator, type Locator, type Page } from 'playwright-core';
import { putForward } from '../support/sight.ts';

/** A window of VS Code as a person sees and uses it. */
export interface Editor {
  readonly page: Page;
  /** The chat page inside its frames. */
  readonly chat: FrameLocator;
  readonly status: Locator;
  /** The quick pick or input box. */
  readonly quick: Locator;
  /** Opens the butler's container, if it is not open. */
  openButler(): Promise<void>;
  /** The rows of a view that hold a text. */
  row(view: View, text: string | RegExp): Locator;
  /** A view with its header. */
  view(view: View): Locator;
  /** The notifications that hold a text. */
  toast(text: string | RegExp): Locator;
  /** Runs a command by its title through the palette. */
  command(title: string): Promise<void>;
  /** Writes a message in the chat and sends it. */
  say(text: string): Promise<void>;
  /** Keeps a picture of the window under a name. */
  shoot(name: string): Promise<void>;
  /** Opens a file of the workspace by its name. */
  openFile(name: string): Promise<void>;
}

export type View = 'Chat' | 'Abilities' | 'Jobs' | 'Published' | 'Activity';

const shots = path.join(import.meta.dirname, '../../build/screenshots/e2e');
const extension = 'virtual-butler.virtual-butler';

/** Takes hold of a window. */
export function editorOn(page: Page): Editor {
  const chat = page
    .frameLocator(`iframe.webview.ready[src*="extensionId=${extension}"]`)
    .frameLocator('#active-frame');
  const quick = page.locator('.quick-input-widget');
  const view = (name: View) =>
    page.locator('.pane').filter({ has: page.locator(`.pane-header[aria-label^="${name}"]`) });
  /** Whether the palette lists a row for a filter; what takes the focus, as an editor that opens, closes it. */
  const listed = async (filter: string, row: Locator) => {
    try {
      await page.keyboard.press('F1');
      await quick.locator('input').first().fill(filter, { timeout: 3_000 });
      return await isSeen(row);
    } catch (error) {
      if (error instanceof errors.TimeoutError) return false;
      throw error;
    }
  };
  const root = chat.locator('#root > *').first();
  // What a window that still starts cannot do yet is not listed, nor added to a list that is open.
  const pick = async (filter: string, label: string) => {
    const row = quick.locator('.monaco-list-row').filter({ hasText: label }).first();
    for (let left = 9; left > 0 && !(await listed(filter, row)); left--) await page.keyboard.press('Escape');
    await row.click();
  };
  return {
    page,
    chat,
    quick,
    status: page.locator(`[id="${extension}.butler.status"]`),
    view,
    openButler: async () => {
      const tab = page
        .locator('.activitybar .action-item')
        .filter({ has: page.locator('[aria-label^="Butler"]') });
      await tab.waitFor();
      // A window that still starts may open it in the same moment, which makes of the click a closing.
      const isOpen = async () => (await tab.getAttribute('aria-expanded')) === 'true';
      for (let left = 5; left > 0; left--) {
        if (!(await isOpen())) await tab.click();
        if (await isSeen(root)) return;
      }
      await root.waitFor();
    },
    row: (name, text) => view(name).locator('.monaco-list-row').filter({ hasText: text }),
    toast: (text) => page.locator('.notifications-toasts .notification-list-item').filter({ hasText: text }),
    command: (title) => pick(`>Butler: ${title}`, `Butler: ${title}`),
    say: async (text) => {
      const field = chat.getByRole('textbox', { name: 'Your message' });
      await field.fill(text);
      await field.press('Enter');
    },
    shoot: async (name) => {
      await page.screenshot({ path: path.join(shots, `${name}.png`) });
    },
    openFile: (name) => pick(name, name),
  };
}

/** Whether it comes into sight within seconds. */
async function isSeen(what: Locator): Promise<boolean> {
  try {
    await what.waitFor({ timeout: 3_000 });
    return true;
  } catch (error) {
    if (error instanceof errors.TimeoutError) return false;
    throw error;
  }
}

/** A question in the chat counts as seen only after half a second in sight (SECURITY S6), which is over at once here. */
export async function beSeen({ chat }: Editor): Promise<void> {
  await chat.locator('body').evaluate(putForward);
}

/** A notice is shown by the window, whose clock nobody puts forward. */
export function noticeSeen({ page }: Editor): Promise<void> {
  return page.waitForTimeout(700);
}
