import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Family } from '../family.ts';
import { emptyViewTitle, layEmptyView } from '../floors/emptyView.ts';
import { median, rowOf } from '../row.ts';
import type { Stage } from '../stage.ts';

/** How often the view is opened, and the window anew: of one start alone chance says most. */
const openings = 5;
const starts = 5;

/** The part of `scripts/host/vscode.mjs` that is used here. */
interface Host {
  startVsCode(options: { vsix: string; home: string }): Promise<{
    readonly executablePath: string;
    url(folder: string): string;
    close(): Promise<void>;
  }>;
  openChromium(executable: string): Promise<Browser>;
}

/** What a person waits for in a real editor: the extension's start, and its view, settled. */
export const editor: Family = {
  name: 'editor',
  measure: async (stage) => {
    const host: Host = await import(path.join(stage.root, 'scripts/host/vscode.mjs'));
    const home = path.join(stage.folder, 'editor');
    layEmptyView(path.join(home, 'ext'));
    const vscode = await host.startVsCode({ vsix: packaged(stage), home });
    const browser = await host.openChromium(vscode.executablePath);
    try {
      const page = await browser.newPage({ viewport: usual });
      const loaded: Record<'ours' | 'floor', number[]> = { ours: [], floor: [] };
      for (let time = 0; time < starts; time++) {
        await page.setViewportSize(usual);
        await page.goto(vscode.url(stage.workspace));
        await firstPaint(page, emptyViewTitle, 'bench.floor');
        await firstPaint(page, 'Butler', 'virtual-butler.virtual-butler');
        await showRunningExtensions(page);
        loaded.floor.push(await activation(page, emptyViewTitle));
        loaded.ours.push(await activation(page, 'Virtual Butler'));
        await page.keyboard.press('Escape');
        await page.locator('.monaco-modal-editor-block').waitFor({ state: 'hidden' });
      }
      await page.setViewportSize(usual);
      const paint: Record<'ours' | 'floor', number[]> = { ours: [], floor: [] };
      for (let time = 0; time <= openings; time++) {
        const floor = await firstPaint(page, emptyViewTitle, 'bench.floor');
        const ours = await firstPaint(page, 'Butler', 'virtual-butler.virtual-butler');
        if (time === 0) continue;
        paint.floor.push(floor);
        paint.ours.push(ours);
      }
      return [
        rowOf({
          name: 'activate()',
          value: logged(home, 'Activated'),
          unit: 'ms',
          limit: { atMost: 20 },
        }),
        rowOf({
          name: 'extension loaded and activated',
          value: median(loaded.ours),
          unit: 'ms',
          floor: median(loaded.floor),
          limit: { atMost: 50, timesFloor: 1.5 },
        }),
        rowOf({
          name: 'first use: the rest of the extension loaded',
          value: logged(home, 'Loaded for use'),
          unit: 'ms',
          limit: { atMost: 150 },
        }),
        rowOf({
          name: 'view resolve to first paint, settled',
          value: median(paint.ours),
          unit: 'ms',
          floor: median(paint.floor),
          limit: { atMost: 150 },
        }),
      ];
    } finally {
      await browser.close();
      await vscode.close();
    }
  },
};

const usual = { width: 1400, height: 900 };

function packaged({ root, folder }: Stage): string {
  const file = path.join(folder, 'editor.vsix');
  mkdirSync(folder, { recursive: true });
  const args = ['scripts/package.mjs', '--any-size', '--out', file];
  const made = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`no package was made: ${made.stderr}`);
  return file;
}

/** Opens a container from another one; from the birth of the view's frame to its first paint with content, in ms. */
async function firstPaint(page: Page, title: string, extension: string): Promise<number> {
  await page.locator(`.activitybar a[aria-label^="${title}"]`).first().click();
  const outer = page.frameLocator(`iframe.webview.ready[src*="extensionId=${extension}"]`);
  const inner = outer.frameLocator('#active-frame');
  await inner.locator('body').waitFor();
  return inner.locator('body').evaluate(async () => {
    for (;;) {
      const [entry] = performance.getEntriesByName('first-contentful-paint');
      if (entry) return entry.startTime;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });
}

/** Opens the list in a window that is high enough for all its rows; those out of sight are not drawn. */
async function showRunningExtensions(page: Page): Promise<void> {
  await page.setViewportSize({ width: 1400, height: 6000 });
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input').fill('>Developer: Show Running Extensions');
  await page.locator('.quick-input-list .monaco-list-row').first().click();
}

/** How long a step takes by the extension's own logs, one of each start, in ms: the middle of them. */
function logged(home: string, step: string): number {
  const logs = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('Virtual Butler.log'),
  );
  const text = logs.map((file) => readFileSync(path.join(home, file), 'utf8')).join('\n');
  const found = Array.from(text.matchAll(new RegExp(`${step} in ([\\d.]+) ms`, 'g')), (one) =>
    Number(one[1]),
  );
  if (found.length < starts)
    throw new Error(`the extension's logs say ${found.length} times how long "${step}" took`);
  return median(found);
}

/** What the editor itself says about loading and activating an extension, in ms. */
async function activation(page: Page, name: string): Promise<number> {
  const row = page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: name });
  const text = await row.locator('.activation-time').innerText();
  const found = /(\d+)\s*ms/.exec(text)?.[1];
  if (!found) throw new Error(`the editor does not say how long ${name} took: "${text}"`);
  return Number(found);
}
