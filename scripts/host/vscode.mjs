// Starts the code-server of .vscode-host/ and a Chromium to look at it, and ends both.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { freePort } from '../../test/support/freePort.ts';
import { entry, install } from './install.mjs';

const quiet = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'telemetry.telemetryLevel': 'off',
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.startupPrompt': 'never',
};

/**
 * Starts a VS Code with folders of its own on a free loopback port. `vsix` is installed first; `driver` turns
 * on what mocha inside the extension host needs; `extensions` are the folders of others; `trust` false leaves
 * Restricted Mode on; `settings` come over the quiet ones; `home` is kept when given. Everything is ended and
 * removed by `close()`.
 */
export async function startVsCode({
  vsix,
  driver = false,
  trust = true,
  settings = {},
  home,
  environment = {},
  extensions = [],
} = {}) {
  const executablePath = await install();
  const folder = home ?? (await mkdtemp(path.join(tmpdir(), 'butler-vscode-')));
  await mkdir(path.join(folder, 'ud/User'), { recursive: true });
  await writeFile(path.join(folder, 'config.yaml'), 'auth: none\n');
  for (const one of extensions)
    await cp(one, path.join(folder, 'ext', path.basename(one)), { recursive: true });
  const settingsFile = path.join(folder, 'ud/User/settings.json');
  await writeFile(settingsFile, JSON.stringify({ ...quiet, ...settings }, null, 2));
  const folders = [
    ...['--config', path.join(folder, 'config.yaml')],
    ...['--user-data-dir', path.join(folder, 'ud')],
    ...['--extensions-dir', path.join(folder, 'ext')],
  ];
  const env = {
    ...process.env,
    XDG_DATA_HOME: folder,
    XDG_CONFIG_HOME: folder,
    BUTLER_HOME: path.join(folder, 'butler'),
    BUTLER_KEYCHAIN: 'off',
    ...environment,
  };
  if (vsix) runToEnd([entry, ...folders, '--install-extension', vsix], env);
  const port = await freePort();
  const server = spawn(
    process.execPath,
    [
      ...[entry, ...folders, '--bind-addr', `127.0.0.1:${port}`, '--auth', 'none'],
      ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
      ...['--ignore-last-opened', ...(trust ? ['--disable-workspace-trust'] : [])],
      ...(driver ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
    ],
    { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  const output = [];
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (data) => output.push(String(data)));
  await ready(port, server, output);
  return {
    port,
    folder,
    executablePath,
    /** What the server printed. */
    output: () => output.join(''),
    /** The address that opens a folder, with further payload. */
    url: (opened, payload = []) => workbenchUrl(port, opened, payload),
    async close() {
      await end(server);
      if (!home) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Opens a Chromium; end it by `close()`. */
export function openChromium(executablePath) {
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });
}

/** A path of this machine as VS Code in the browser names it. */
export const remoteUri = (port, file) => `vscode-remote://127.0.0.1:${port}${file}`;

function workbenchUrl(port, opened, payload) {
  const query = new URLSearchParams(opened ? { folder: opened } : { ew: 'true' });
  if (payload.length > 0) query.set('payload', JSON.stringify(payload));
  return `http://127.0.0.1:${port}/?${query}`;
}

function runToEnd(args, env) {
  const ran = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  if (ran.status !== 0) throw new Error(`code-server failed:\n${ran.stdout}\n${ran.stderr}`);
}

async function ready(port, server, output) {
  for (let tries = 0; tries < 1200; tries++) {
    if (server.exitCode !== null) break;
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((go) => setTimeout(go, 100));
  }
  await end(server);
  throw new Error(`code-server did not start:\n${output.join('')}`);
}

/** Ends the server with the processes that it started, by their group. */
async function end(server) {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = once(server, 'exit');
  process.kill(-server.pid, 'SIGTERM');
  const timer = setTimeout(() => process.kill(-server.pid, 'SIGKILL'), 5_000);
  await gone;
  clearTimeout(timer);
  for (let tries = 0; tries < 100 && groupLives(server.pid); tries++) {
    await new Promise((go) => setTimeout(go, 50));
  }
}

function groupLives(leader) {
  try {
    return process.kill(-leader, 0);
  } catch {
    return false;
  }
}
