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
/** A megabyte as vsce counts it. */
const megabyte = 1_048_576;
/** The most that a person should have to download, in bytes (docs/decisions/0010). */
const largest = 5 * megabyte;

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
console.log(`${file}\n${(size / megabyte).toFixed(2)} MB of at most ${largest / megabyte} MB`);
if (size > largest && !values['any-size']) process.exit(1);

function node(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
