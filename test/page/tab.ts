import type { Browser, Page } from 'playwright-core';
import { Counterpart } from './counterpart.ts';
import type { Theme } from './themes.ts';

/** A page in a browser with its counterpart, and what it did that it must not do. */
export interface Scene {
  readonly page: Page;
  readonly counterpart: Counterpart;
  /** Requests beyond the page's own files, errors, and violations of the policy. */
  readonly offences: string[];
}

export interface SceneOptions {
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
  /** What the page shows; a chat where nothing is said. */
  readonly shows?: 'preview';
  /** Sets the counterpart up before the page speaks. */
  prepare?(counterpart: Counterpart): void;
}

/** A tab of the browser, in which scenes are played one after another; what is late of one is not heard in the next. */
export interface Tab {
  readonly page: Page;
  play(number: number, options: SceneOptions): Promise<Scene>;
  rest(): Promise<void>;
}

/** Opens a tab whose pages may ask for nothing but what the origin serves. */
export async function newTab(browser: Browser, origin: string): Promise<Tab> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const now: { number: number; counterpart: Counterpart | null; offences: string[] } = {
    ...{ number: 0, counterpart: null, offences: [] },
  };
  watch(page, origin, (offence) => now.offences.push(offence));
  // A binding would put a script into every frame, which a frame without scripts refuses aloud.
  page.on('console', (line) => {
    if (line.type() !== 'debug') return;
    const { number, message } = JSON.parse(line.text()) as { number: number; message: unknown };
    if (number !== now.number) return;
    const { offences } = now;
    now.counterpart?.take(message).catch((error) => {
      offences.push(`counterpart: ${error instanceof Error ? error.message : error}`);
    });
  });
  return {
    page,
    async play(number, { theme = 'dark', width = 420, height = 800, shows = 'chat', prepare }) {
      const counterpart = new Counterpart((message) => post(page, number, message));
      prepare?.(counterpart);
      await page.setViewportSize({ width, height });
      Object.assign(now, { number, counterpart, offences: [] });
      await page.goto(`${origin}/${theme}?shows=${shows}&scene=${number}`);
      return { page, counterpart, offences: now.offences };
    },
    async rest() {
      Object.assign(now, { number: 0, counterpart: null, offences: [] });
      await page.mouse.move(0, 0);
    },
  };
}

/** Gives a message to the page, where it still plays that scene. */
async function post(page: Page, number: number, message: unknown): Promise<void> {
  await page.evaluate(
    ([scene, data]) => {
      if (document.documentElement.dataset.scene === scene) window.postMessage(data, '*');
    },
    [String(number), message] as const,
  );
}

function watch(page: Page, origin: string, tell: (offence: string) => void): void {
  page.on('pageerror', (error) => tell(`error: ${error.message}`));
  page.on('console', (line) => {
    if (line.type() === 'error') tell(`console: ${line.text()}`);
  });
  page.on('dialog', (dialog) => {
    tell(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith('data:') && !url.startsWith(`blob:${origin}/`))
      tell(`request: ${url}`);
  });
}
