// Makes the vsix of one platform: `node scripts/package.mjs [--target linux-x64] [--out file] [--any-size]`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

const root = path.join(import.meta.dirname, '..');
const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const { values } = parseArgs({
  options: {
    target: { type: 'string', default: `${process.platform}-${process.arch}` },
    out: { type: 'string' },
    'any-size': { type: 'boolean', default: false },
  },
});
/** The most that a person should have to download, in bytes. */
const largest = 5_000_000;

const file = path.resolve(values.out ?? path.join(root, 'build', `${name}-${version}-${values.target}.vsix`));
mkdirSync(path.dirname(file), { recursive: true });
node('esbuild.mjs', '--minify', '--pack', '--target', values.target);
node(
  'node_modules/@vscode/vsce/vsce',
  'package',
  '--target',
  values.target,
  '--no-dependencies',
  '--allow-missing-repository',
  '--no-rewrite-relative-links',
  '--out',
  file,
);
const { size } = statSync(file);
console.log(`${file}\n${(size / 1_000_000).toFixed(2)} MB of at most ${largest / 1_000_000} MB`);
if (size > largest && !values['any-size']) process.exit(1);

function node(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
