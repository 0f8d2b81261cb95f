// Shows a running VS Code with the extension and the sample workspace: a desktop one where there is one, else in the browser.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeSampleWorkspace } from '../examples/makeHistory.mjs';

const root = path.join(import.meta.dirname, '..');
const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'butler-start-')));
const workspace = path.join(folder, 'workspace');
const desktop = findDesktop();
try {
  await makeSampleWorkspace(workspace);
  if (desktop) await showOnDesktop(desktop);
  else await showInBrowser();
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** `VSCODE_EXECUTABLE`, else `code` where there is a screen to show it on. */
function findDesktop() {
  if (process.env.VSCODE_EXECUTABLE) return process.env.VSCODE_EXECUTABLE;
  const screen = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  const name = process.platform === 'win32' ? 'code.cmd' : 'code';
  const found =
    screen && spawnSync(name, ['--version'], { shell: process.platform === 'win32' }).status === 0;
  return found ? name : null;
}

async function showOnDesktop(executable) {
  node('esbuild.mjs');
  const args = ['--wait', `--extensionDevelopmentPath=${root}`, `--user-data-dir=${folder}/user`, workspace];
  const env = { ...process.env, BUTLER_HOME: path.join(folder, 'store') };
  const child = spawn(executable, args, { stdio: 'inherit', env, shell: process.platform === 'win32' });
  console.log(`VS Code opens with ${workspace}; close its window to end.`);
  await new Promise((resolve) => child.once('close', resolve));
}

async function showInBrowser() {
  const vsix = path.join(folder, 'butler.vsix');
  node('scripts/package.mjs', '--any-size', '--out', vsix);
  const { startVsCode } = await import('./host/vscode.mjs');
  const vscode = await startVsCode({ vsix });
  console.log(
    `\nVS Code with the extension and the sample workspace:\n${vscode.url(workspace)}\nCtrl+C ends it.`,
  );
  await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, resolve);
  });
  await vscode.close();
}

function node(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
