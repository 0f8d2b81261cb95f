// The main job from an empty home: builds, lays out the sample workspace, runs the job, checks the site, prints its path.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeSampleWorkspace } from '../examples/makeHistory.mjs';
import { checkLinks } from './links.mjs';

const root = path.join(import.meta.dirname, '..');
const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'butler-demo-')));
const workspace = path.join(folder, 'workspace');
const env = { ...process.env, BUTLER_HOME: path.join(folder, 'store'), BUTLER_KEYCHAIN: 'off' };

say('Building …');
run(['esbuild.mjs'], { cwd: root });
say(`Laying out the sample workspace in ${workspace} …`);
await makeSampleWorkspace(workspace);
say('Handing over the job "Publish the docs as a site" …');
run([butler(), 'run', 'site-from-readme', 'Publish the docs as a site', '--yes'], { cwd: workspace });

const { location, entry } = publication();
const { pages, links, broken } = checkLinks(location);
if (pages === 0 || broken.length > 0) {
  fail(`The site in ${location} has ${pages} pages and these broken links:\n${broken.join('\n')}`);
}
run([butler(), 'journal', 'verify'], { cwd: workspace });
say(`${pages} pages, ${links} links, none broken.`);
console.log(path.join(location, entry ?? 'index.html'));

function publication() {
  const args = [butler(), '--json', 'journal', 'list', '--type', 'deliverable.published'];
  const lines = run(args, { cwd: workspace, stdio: ['ignore', 'pipe', 'inherit'] })
    .trim()
    .split('\n');
  const published = JSON.parse(lines.at(-1) || '{}').data?.publication;
  return published ?? fail('Nothing was published.');
}

function butler() {
  return path.join(root, 'dist/butler.mjs');
}

function run(args, options) {
  const { status, stdout } = spawnSync(process.execPath, args, {
    env,
    stdio: 'inherit',
    encoding: 'utf8',
    ...options,
  });
  if (status !== 0) fail(`"${path.basename(args[0])} ${args.slice(1).join(' ')}" ended with ${status}.`);
  return stdout;
}

function say(text) {
  console.log(`\n${text}`);
}

function fail(text) {
  console.error(text);
  process.exit(1);
}
