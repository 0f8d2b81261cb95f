import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { Counterpart } from './counterpart.ts';
import { bodyClass, type Theme, themeSheet, themes } from './themes.ts';

const root = path.join(import.meta.dirname, '../..');
const built = path.join(root, 'build/page');
const nonce = 'b3V0bGVy';

/** The page's policy exactly as the extension sets it, the server standing for the editor's own source. */
export const policy = `default-src 'none'; img-src 'self' data: blob:; media-src blob:; style-src 'self'; script-src 'nonce-${nonce}'; font-src 'self'; connect-src 'none'`;

/** A page in a browser with its counterpart, and what it did that it must not do. */
export interface Scene {
  readonly page: Page;
  readonly counterpart: Counterpart;
  /** Requests beyond the page's own files, errors, and violations of the policy. */
  readonly offences: string[];
}

/** A browser and a server for the built page. */
export interface Stage {
  open(options?: SceneOptions): Promise<Scene>;
  close(): Promise<void>;
}

interface SceneOptions {
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
  readonly zoom?: number;
  /** What the page shows; a chat where nothing is said. */
  readonly shows?: 'preview';
  /** Sets the counterpart up before the page speaks. */
  prepare?(counterpart: Counterpart): void;
}

/** Builds the page as the product does, serves it on the loopback and starts a browser. */
export async function openStage(): Promise<Stage> {
  await buildPage();
  const server = createServer(
    (request, response) =>
      void serve(request.url ?? '/').then(
        ([type, body]) =>
          response.writeHead(200, { 'content-type': type, 'content-security-policy': policy }).end(body),
        () => response.writeHead(404).end(),
      ),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    open: (options = {}) => openScene(browser, origin, options),
    close: () => closeStage(browser, server),
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

async function openScene(browser: Browser, origin: string, options: SceneOptions): Promise<Scene> {
  const { theme = 'dark', width = 420, height = 800, zoom = 1 } = options;
  const context = await browser.newContext({
    viewport: { width: Math.round(width / zoom), height: Math.round(height / zoom) },
    deviceScaleFactor: zoom,
  });
  const page = await context.newPage();
  const offences: string[] = [];
  page.on('pageerror', (error) => offences.push(`error: ${error.message}`));
  page.on('console', (line) => {
    if (line.type() === 'error') offences.push(`console: ${line.text()}`);
  });
  page.on('dialog', (dialog) => {
    offences.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith('data:') && !url.startsWith(`blob:${origin}/`))
      offences.push(`request: ${url}`);
  });
  const counterpart = new Counterpart((message) =>
    page.evaluate((data) => window.postMessage(data, '*'), message as unknown),
  );
  options.prepare?.(counterpart);
  await page.exposeFunction('butlerFromPage', (message: unknown) =>
    counterpart.take(message).catch((error) => {
      offences.push(`counterpart: ${error instanceof Error ? error.message : error}`);
    }),
  );
  await page.goto(`${origin}/${theme}${options.shows ? `?${options.shows}` : ''}`);
  return { page, counterpart, offences };
}

async function closeStage(browser: Browser, server: Server): Promise<void> {
  await browser.close();
  server.close();
  server.closeAllConnections();
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

async function serve(url: string): Promise<[type: string, body: string | Buffer]> {
  const [name = '', shows = 'chat'] = url.slice(1).split('?');
  const theme = themes.find((one) => one === name);
  if (theme) return ['text/html; charset=utf-8', html(theme, shows)];
  const sheet = themes.find((one) => `${one}.css` === name);
  if (sheet) return ['text/css', themeSheet(sheet)];
  if (name === 'axe.js')
    return ['text/javascript', await readFile(path.join(root, 'node_modules/axe-core/axe.min.js'))];
  const type = types[path.extname(name)];
  if (!type || name.includes('/')) throw new Error(`no ${name}`);
  return [type, await readFile(path.join(built, name))];
}

const types: Readonly<Record<string, string | undefined>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
};

function html(theme: Theme, shows: string): string {
  return `<!doctype html>
<html lang="en" data-shows="${shows}">
<head><meta charset="utf-8"><title>Butler</title><link rel="icon" href="data:,">
<link rel="stylesheet" data-theme href="/${theme}.css"><link rel="stylesheet" href="/webview.css">
<script nonce="${nonce}">
window.acquireVsCodeApi = () => ({
  postMessage: (message) => void window.butlerFromPage(message),
  getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
  setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
});
</script>
<script nonce="${nonce}" src="/axe.js"></script>
</head>
<body class="${bodyClass[theme]}"><div id="root"></div><script type="module" nonce="${nonce}" src="/webview.js"></script></body>
</html>`;
}
