// Makes the vsix of one platform: `node scripts/package.mjs [--target linux-x64] [--out file] [--any-size]`.
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
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
process.chdir(root);
node('esbuild.mjs', '--minify', '--pack', '--target', values.target);
const stage = path.join(root, 'build', `package-${process.pid}`);
try {
  // vsce looks through all files of its folder, also through those that it leaves out.
  for (const one of [...listed(), '.vscodeignore'])
    cpSync(path.join(root, one), path.join(stage, one), { recursive: true });
  process.chdir(stage);
  node(
    path.join(root, 'node_modules/@vscode/vsce/vsce'),
    ...['package', '--target', values.target, '--out', file],
    ...['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'],
  );
} finally {
  process.chdir(root);
  rmSync(stage, { recursive: true, force: true });
}
const { size } = statSync(file);
console.log(`${file}\n${(size / megabyte).toFixed(2)} MB of at most ${largest / megabyte} MB`);
if (size > largest && !values['any-size']) process.exit(1);

/** The files and folders that `.vscodeignore` lets in. */
function listed() {
  const wanted = readFileSync(path.join(root, '.vscodeignore'), 'utf8').split('\n');
  const patterns = wanted.flatMap((line) => /^!(.+?)(\/\*\*)?$/.exec(line)?.[1] ?? []);
  return globSync(patterns, { cwd: root });
}

function node(...args) {
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status === 0) return;
  throw new Error(`${args[0]} failed.`);
}
