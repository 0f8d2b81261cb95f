import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { makeSampleWorkspace } from '../../examples/makeHistory.mjs';
import { openChromium, startVsCode, type VsCode } from '../../scripts/host/vscode.mjs';
import { type Editor, editorOn } from './editor.ts';

const root = path.join(import.meta.dirname, '../..');
const size = { width: 1360, height: 900 };
/** What has not come by then hangs: a test ends soon after, and would not say what it waited for. */
const longest = 100_000;

/** A running VS Code with the packaged extension, a browser before it, and sample workspaces to work in. */
export interface House {
  readonly vscode: VsCode;
  /** Makes a sample workspace of its own; answers its path. */
  workspace(name: string): Promise<string>;
  /** Opens a folder in a window of its own. */
  open(folder: string): Promise<Editor>;
  /** Gives the windows that open from now on a store of their own. */
  renewStore(): Promise<void>;
  /** Changes settings that only the machine's owner may set; windows that open from now on have them. */
  setMachine(settings: Readonly<Record<string, unknown>>): Promise<void>;
  /** Writes a file of a workspace, as another program would. */
  write(workspace: string, file: string, text: string): Promise<void>;
  /** Keeps a picture of every window, after a test that failed. */
  shoot(name: string): Promise<void>;
  /** Closes every window, as a person does. */
  closeWindows(): Promise<void>;
  close(): Promise<void>;
}

interface HouseOptions {
  readonly trust?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Installs the packaged extension into a fresh VS Code and opens a browser. */
export async function openHouse(vsix: string, options: HouseOptions = {}): Promise<House> {
  const folder = await mkdtemp(path.join(tmpdir(), 'butler-e2e-'));
  const sample = await makeSampleWorkspace(path.join(folder, 'sample'));
  const vscode = await startVsCode({ vsix, ...options });
  const browser = await openChromium(vscode.executablePath);
  const context = await browser.newContext({ viewport: size, permissions: ['clipboard-read'] });
  context.setDefaultTimeout(longest);
  return {
    vscode,
    workspace: async (name) => {
      const place = path.join(folder, name);
      await cp(sample, place, { recursive: true });
      return place;
    },
    open: (place) => openWindow(context, vscode.url(place)),
    renewStore: async () => {
      const storeFolder = await mkdtemp(path.join(folder, 'store-'));
      await changeMachine(vscode, { 'butler.storeFolder': storeFolder });
    },
    setMachine: (settings) => changeMachine(vscode, settings),
    write: async (place, file, text) => {
      await mkdir(path.dirname(path.join(place, file)), { recursive: true });
      await writeFile(path.join(place, file), text);
    },
    shoot: async (name) => {
      for (const [index, page] of context.pages().entries()) {
        const file = `${name.replaceAll(/\W+/g, '-')}-${index}.png`;
        await page.screenshot({ path: path.join(root, 'build/e2e', file) });
      }
    },
    closeWindows: () => closeWindows(context),
    close: async () => {
      await closeWindows(context);
      await browser.close();
      await vscode.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The packaged extension: the one that `BUTLER_VSIX` names, else one made now. */
export function packagedExtension(): string {
  const given = process.env.BUTLER_VSIX;
  if (given) return path.resolve(given);
  const vsix = path.join(root, 'build/e2e/virtual-butler.vsix');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(root, 'scripts/package.mjs'), '--out', vsix],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`The extension could not be packaged:\n${stdout}\n${stderr}`);
  return vsix;
}

async function openWindow(context: BrowserContext, url: string): Promise<Editor> {
  const page = await context.newPage();
  await page.goto(url);
  const editor = editorOn(page);
  await editor.status.waitFor();
  return editor;
}

/** Leaves each window by another address first, so that VS Code ends its extension host at once. */
async function closeWindows(context: BrowserContext): Promise<void> {
  const close = async (page: Page) => {
    await page.goto('about:blank');
    await page.close();
  };
  await Promise.all(context.pages().map(close));
}

async function changeMachine(vscode: VsCode, settings: Readonly<Record<string, unknown>>): Promise<void> {
  const folder = path.join(vscode.folder, 'ud/Machine');
  const file = path.join(folder, 'settings.json');
  await mkdir(folder, { recursive: true });
  const before = JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as Record<string, unknown>;
  await writeFile(file, JSON.stringify({ ...before, ...settings }, null, 2));
}
