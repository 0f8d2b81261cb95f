// Runs test/host inside a real extension host: a desktop VS Code where there is one, else code-server.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { format, parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { makeSampleWorkspace } from '../../examples/makeHistory.mjs';
import { openChromium, remoteUri, startVsCode } from './vscode.mjs';

const root = path.join(import.meta.dirname, '../..');
const bundle = path.join(root, 'build/test/host.cjs');
/** An extension that lends language models to the editor. */
const lender = path.join(root, 'test/host/lender');
/** A run that goes on for so many ms hangs. */
const patience = 900_000;
/** What the workbench says of itself: its sockets, and look-ups of a gallery that is not there. */
const noise =
  /^(Resolv|Creat|Updating additional|Timed out waiting for auth|\[(Service Worker|AgentHost|AccountPolicy|reconnection)|getaddrinfo )/;

const { values } = parseArgs({ options: { grep: { type: 'string' } }, strict: false });
await build();
const folder = await mkdtemp(path.join(tmpdir(), 'butler-host-'));
const workspace = path.join(folder, 'workspace');
await makeSampleWorkspace(workspace);
const places = await startPlaces();
const environment = {
  BUTLER_HOME: path.join(folder, 'butler'),
  BUTLER_KEYCHAIN: 'off',
  BUTLER_TEST_GREP: values.grep ?? '',
  BUTLER_TEST_PLACES: places.text,
};
let code = 1;
try {
  const desktop = await findDesktop();
  code = desktop ? await runOnDesktop(desktop) : await runInBrowser();
} finally {
  await places.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
process.exitCode = code;

/** Starts the services that tests publish to, in a process that ends with this one. */
async function startPlaces() {
  const server = path.join(root, 'test/host/targetServers.ts');
  const child = spawn(process.execPath, [server], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const said = await Promise.race([once(child.stdout, 'data'), ended]);
  if (child.exitCode !== null) throw new Error('The services to publish to did not start.');
  const close = async () => {
    child.stdin.end();
    await ended;
  };
  return { text: String(said[0]).trim(), close };
}

async function build() {
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['test/host/index.ts'],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
}

/** The executable of a desktop VS Code, or nothing where none can be had or no screen is there for it. */
async function findDesktop() {
  if (process.env.VSCODE_EXECUTABLE) return process.env.VSCODE_EXECUTABLE;
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return undefined;
  try {
    const { downloadAndUnzipVSCode, SilentReporter } = await import('@vscode/test-electron');
    const cachePath = path.join(root, '.vscode-host/desktop');
    return await downloadAndUnzipVSCode({ cachePath, reporter: new SilentReporter() });
  } catch (error) {
    console.log(`No desktop VS Code can be had (${error.message}); code-server is used.`);
    return undefined;
  }
}

async function runOnDesktop(vscodeExecutablePath) {
  const { runTests } = await import('@vscode/test-electron');
  return runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: [root, lender],
    extensionTestsPath: bundle,
    extensionTestsEnv: environment,
    launchArgs: [
      workspace,
      '--disable-workspace-trust',
      '--disable-extensions',
      '--user-data-dir',
      `${folder}/ud`,
    ],
  }).catch((error) => {
    console.error(error.message);
    return 1;
  });
}

async function runInBrowser() {
  const vscode = await startVsCode({ driver: true, environment, extensions: [lender] });
  const browser = await openChromium(vscode.executablePath);
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(patience);
    const ended = Promise.withResolvers();
    await page.exposeFunction('codeAutomationLog', (_type, args) => {
      const line = format(...args);
      if (!noise.test(line)) console.log(line);
    });
    await page.exposeFunction('codeAutomationExit', (exit) => ended.resolve(exit));
    const timer = setTimeout(() => ended.resolve(undefined), patience);
    await page.goto(
      vscode.url(workspace, [
        ['extensionDevelopmentPath', remoteUri(vscode.port, root)],
        ['extensionTestsPath', remoteUri(vscode.port, bundle)],
      ]),
    );
    const exit = await ended.promise;
    clearTimeout(timer);
    if (exit !== undefined) return exit;
    console.error(`The tests did not end within ${patience / 1000} s.\n${vscode.output()}`);
    return 1;
  } finally {
    await browser.close();
    await vscode.close();
  }
}
