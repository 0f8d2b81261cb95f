import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { openChromium, startVsCode, type VsCode } from '../../scripts/host/vscode.mjs';
import { makeHostileRepository } from '../attacks/hostileRepository.ts';
import { snapshotOf } from '../contracts/tools/ground.ts';
import { editorOn } from './editor.ts';

const root = path.join(import.meta.dirname, '../..');
const recorder = path.join(root, 'test/host/recorder');
/** What of this checkout is the extension, as it is packed. */
const packed = ['package.json', 'package.nls.json', 'package.nls.de.json', 'dist', 'l10n', 'media'];
const ours = 'virtual-butler';
/** How long a window is left alone before the record is read, in ms. */
const aWhile = 1_500;

describe('a hostile repository in a window of VS Code', function () {
  this.timeout(180_000);
  let folder: string;
  let browser: Browser;
  let untrusted: Opened;
  let trusted: Opened;
  before(async () => {
    folder = await realpath(await mkdtemp(path.join(tmpdir(), 'butler-window-')));
    for (const one of packed) {
      await cp(path.join(root, one), path.join(folder, ours, one), { recursive: true, filter: isPacked });
    }
    const opening = [open('untrusted', false), open('trusted', true)] as const;
    [untrusted, trusted] = await Promise.all(opening);
    browser = await openChromium(untrusted.vscode.executablePath);
    await Promise.all([untrusted, trusted].map((one) => show(one)));
    await setTimeout(aWhile);
  });
  after(async () => {
    await browser?.close();
    await Promise.all([untrusted?.vscode.close(), trusted?.vscode.close()]);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('without trust: the extension starts nothing, opens no socket and writes no file, also when it is looked at', async () => {
    assert.deepEqual(await recordOf(untrusted), []);
    const editor = editorOn(untrusted.page());
    await editor.openButler();
    await editor.chat.getByRole('heading', { name: 'Restricted Mode' }).waitFor();
    await setTimeout(aWhile);
    assert.deepEqual(await recordOf(untrusted), []);
    await isUnharmed(untrusted);
  });

  it('with trust: nothing of these before the first act, and the worker alone with it', async () => {
    assert.deepEqual(await recordOf(trusted), []);
    await isUnharmed(trusted);
    await editorOn(trusted.page()).openButler();
    while ((await recordOf(trusted)).length === 0) await setTimeout(100);
    await setTimeout(aWhile);
    const acts = await recordOf(trusted);
    assert.ok(
      acts.every((one) => one.startsWith('start ')),
      acts.join('\n'),
    );
    await isUnharmed(trusted);
  });

  /** Lays a repository of its own and starts a VS Code with the recorder and the extension for it. */
  async function open(name: string, trust: boolean): Promise<Opened> {
    const workspace = path.join(folder, name, 'repository');
    const marks = path.join(folder, name, 'marks');
    const log = path.join(folder, name, 'record.jsonl');
    await makeHostileRepository(workspace, marks);
    const before = await snapshotOf(workspace);
    const vscode = await startVsCode({
      trust,
      home: path.join(folder, name, 'home'),
      extensions: [path.join(folder, ours), recorder],
      environment: { BUTLER_RECORD: log },
      // The editor's own git trusts what a person trusts; what is looked at here is the extension.
      settings: { 'git.enabled': false },
    });
    const pages: Page[] = [];
    const page = () => pages[0] ?? assert.fail('no window');
    return { vscode, workspace, marks, log, before, page, pages };
  }

  async function show({ vscode, workspace, pages }: Opened): Promise<void> {
    const page = await browser.newPage();
    pages.push(page);
    await page.goto(vscode.url(workspace));
    await editorOn(page).status.waitFor();
  }
});

/** What our extension asked of the system so far. */
async function recordOf({ log }: Opened): Promise<string[]> {
  const lines = (await readFile(log, 'utf8')).trim().split('\n');
  const notes = lines.map((line) => JSON.parse(line) as Note);
  assert.ok(notes.some(({ act }) => act === 'begun') && notes.every(({ act }) => act !== 'unwatched'));
  return notes.filter(isOurs).map(({ act, method, about }) => `${act} ${method} ${about}`);
}

async function isUnharmed({ workspace, marks, before }: Opened): Promise<void> {
  assert.deepEqual(await readdir(marks), []);
  assert.deepEqual(await snapshotOf(workspace), before);
}

interface Opened {
  readonly vscode: VsCode;
  readonly workspace: string;
  /** Where whatever of the repository runs leaves a mark. */
  readonly marks: string;
  /** What the recorder writes. */
  readonly log: string;
  /** How the repository stood before. */
  readonly before: Readonly<Record<string, string>>;
  readonly pages: Page[];
  page(): Page;
}

/** One line of the recorder. */
interface Note {
  readonly act: string;
  readonly method: string;
  readonly about: string;
  readonly stack: readonly string[];
}

function isOurs({ stack }: Note): boolean {
  return stack.some((line) => line.includes(`/${ours}/dist/`));
}

/** Maps, and chunks that only the worker reads, cost a copy and are not looked at; the rest is the extension. */
function isPacked(from: string): boolean {
  return !from.endsWith('.map');
}
