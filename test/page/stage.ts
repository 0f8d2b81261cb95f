import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { chromium, type Page } from 'playwright-core';
import { newTab, type Scene, type SceneOptions, type Tab } from './tab.ts';
import { bodyClass, type Theme, themeSheet, themes } from './themes.ts';

const root = path.join(import.meta.dirname, '../..');
const built = path.join(root, 'build/page');
const nonce = 'b3V0bGVy';

/** The page's policy exactly as the extension sets it, the server standing for the editor's own source. */
export const policy = `default-src 'none'; img-src 'self' data: blob:; media-src blob:; style-src 'self'; script-src 'nonce-${nonce}'; font-src 'self'; connect-src 'none'`;

/** A browser and a server for the built page. */
export interface Stage {
  open(options?: SceneOptions): Promise<Scene>;
  /** Takes a page back whose scene is over, for a later one; one whose clock or network was changed is closed instead. */
  done(page: Page): Promise<void>;
  close(): Promise<void>;
}

const one: { stage: Promise<Stage> | null } = { stage: null };
after(async () => (await one.stage)?.close());

/** The stage of this run: builds the page as the product does, serves it on the loopback and starts a browser, once. */
export function openStage(): Promise<Stage> {
  one.stage ??= newStage();
  return one.stage;
}

async function newStage(): Promise<Stage> {
  const [browser] = await Promise.all([
    chromium.launch({ executablePath: '/usr/bin/chromium', args: flags }),
    buildPage(),
  ]);
  const server = createServer(
    (request, response) =>
      void serve(request.url ?? '/').then(
        ([type, body]) => response.writeHead(200, headersOf(type)).end(body),
        () => response.writeHead(404).end(),
      ),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const tabs = new Map<Page, Tab>();
  const free: Tab[] = [];
  const opened = { scenes: 0 };
  return {
    open: async (options = {}) => {
      const tab = free.pop() ?? (await newTab(browser, origin));
      tabs.set(tab.page, tab);
      return tab.play(++opened.scenes, options);
    },
    done: async (page) => {
      const tab = tabs.get(page);
      await tab?.rest();
      if (tab) free.push(tab);
    },
    close: async () => {
      one.stage = null;
      await browser.close();
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Gives a page another theme, as the editor does while it is open, and lets it be drawn. */
export async function setTheme(page: Page, theme: Theme): Promise<void> {
  await page.evaluate(
    async ([sheet, classes]) => {
      const link = document.querySelector<HTMLLinkElement>('link[data-theme]');
      if (!link) throw new Error('The page has no theme.');
      if (!link.href.endsWith(sheet)) {
        const loaded = new Promise((done) => link.addEventListener('load', done, { once: true }));
        link.href = sheet;
        await loaded;
      }
      document.body.className = classes;
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    },
    [`/${theme}.css`, bodyClass[theme]] as const,
  );
}

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

async function buildPage(): Promise<void> {
  await esbuild.build({
    bundle: true,
    absWorkingDir: root,
    minify: true,
    legalComments: 'none',
    logLevel: 'error',
    entryPoints: { webview: 'webview/main.tsx' },
    outdir: built,
    format: 'esm',
    platform: 'browser',
    target: 'chrome128',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.ttf': 'file' },
    assetNames: '[name]',
  });
}

/** What does not change is read once by each tab. */
function headersOf(type: string): Record<string, string> {
  const kept = type.startsWith('text/html') ? 'no-store' : 'max-age=3600';
  return { 'content-type': type, 'content-security-policy': policy, 'cache-control': kept };
}

async function serve(url: string): Promise<[type: string, body: string | Buffer]> {
  const { pathname, searchParams } = new URL(url, 'http://page.invalid');
  const name = pathname.slice(1);
  const theme = themes.find((one) => one === name);
  if (theme) {
    const [shows, scene] = ['shows', 'scene'].map((key) => searchParams.get(key) ?? '');
    return ['text/html; charset=utf-8', html(theme, shows ?? '', Number(scene))];
  }
  const sheet = themes.find((one) => `${one}.css` === name);
  if (sheet) return ['text/css', themeSheet(sheet)];
  const type = types[path.extname(name)];
  if (!type || name.includes('/')) throw new Error(`no ${name}`);
  return [type, await readFile(path.join(built, name))];
}

const types: Readonly<Record<string, string | undefined>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
};

function html(theme: Theme, shows: string, scene: number): string {
  return `<!doctype html>
<html lang="en" data-shows="${shows}" data-scene="${scene}">
<head><meta charset="utf-8"><title>Butler</title><link rel="icon" href="data:,">
<link rel="stylesheet" data-theme href="/${theme}.css"><link rel="stylesheet" href="/webview.css">
<script nonce="${nonce}">
window.acquireVsCodeApi = () => ({
  postMessage: (message) => console.debug(JSON.stringify({ number: ${scene}, message })),
  getState: () => JSON.parse(sessionStorage.getItem('state ${scene}') ?? 'null') ?? undefined,
  setState: (state) => sessionStorage.setItem('state ${scene}', JSON.stringify(state)),
});
</script>
</head>
<body class="${bodyClass[theme]}"><div id="root"></div><script type="module" nonce="${nonce}" src="/webview.js"></script></body>
</html>`;
}
