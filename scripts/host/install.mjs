// Installs a real VS Code for the browser (code-server) into the git-ignored .vscode-host/, once.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { installDebian } from '../systemPackages.mjs';

const root = path.join(import.meta.dirname, '../..');
const folder = path.join(root, '.vscode-host');
const wanted = '4.139.1';

/** The entry script of code-server. */
export const entry = path.join(folder, 'node_modules/code-server/out/node/entry.js');

/** Makes sure that code-server and a Chromium are here, and gives the Chromium's path. */
export async function install() {
  const chromium = await installChromium();
  const found = await readFile(path.join(folder, 'node_modules/code-server/package.json'), 'utf8').catch(
    () => '{}',
  );
  if (JSON.parse(found).version === wanted && existsSync(entry)) return chromium;
  installDebian({ 'libkrb5-dev': '/usr/include/krb5.h' });
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), `${JSON.stringify({ private: true })}\n`);
  console.log(`Installing code-server ${wanted} into .vscode-host/ (617 MB, a minute or two)…`);
  const npm = ['install', '--no-audit', '--no-fund', `code-server@${wanted}`];
  const ran = spawnSync('npm', npm, { cwd: folder, stdio: 'inherit', env: plainEnvironment() });
  if (ran.status !== 0) throw new Error('code-server could not be installed; see above.');
  return chromium;
}

/**
 * The environment of an npm of its own: the Node that runs this script stands first, so that native modules are
 * built for it, and an npm around it, whose Node may be an older one, says nothing of itself.
 * Its native modules need Node-API only, so headers of any Node serve, and none are fetched where some are here.
 * They are built without optimizing, which takes most of the time and which no test needs.
 */
function plainEnvironment() {
  const ofNpm =
    /^(npm_(config_user_agent|node_execpath|execpath|command|lifecycle.*|package.*)|node|init_cwd)$/i;
  const own = Object.entries(process.env).filter(([name]) => !ofNpm.test(name));
  const PATH = `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}`;
  const headers = existsSync('/usr/include/node/node_api.h') ? { npm_config_nodedir: '/usr' } : {};
  const plain = { CFLAGS: '-O0', CXXFLAGS: '-O0' };
  return { ...plain, ...headers, ...Object.fromEntries(own), PATH };
}

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
];

async function installChromium() {
  const find = () => [process.env.CHROMIUM_EXECUTABLE, ...places].find((one) => one && existsSync(one));
  if (!find()) installDebian({ chromium: places[0] });
  const found = find();
  if (found) return found;
  throw new Error('There is no Chromium. Install one, or name it in CHROMIUM_EXECUTABLE.');
}

if (process.argv[1] === import.meta.filename) {
  await install();
  console.log('A VS Code for tests is in place.');
}
