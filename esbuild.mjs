// Builds what the product ships: three bundles, the CLI, and the native parts of one platform, into dist/.
import { chmod, copyFile, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';

const { values } = parseArgs({
  options: {
    minify: { type: 'boolean', default: false },
    /** A platform as vsce names it; the native parts of that one are taken. */
    target: { type: 'string', default: `${process.platform}-${process.arch}` },
    metafile: { type: 'boolean', default: false },
  },
});
const root = import.meta.dirname;
const out = path.join(root, 'dist');

const shared = {
  bundle: true,
  absWorkingDir: root,
  minify: values.minify,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: values.metafile,
};
const node = { ...shared, platform: 'node', target: 'node22' };

const requireBanner =
  "import { createRequire as butlerRequire } from 'node:module'; const require = butlerRequire(import.meta.url);";

await rm(out, { recursive: true, force: true });
await Promise.all([
  esbuild.build({
    ...node,
    entryPoints: { extension: 'extension/main.ts' },
    outdir: out,
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    external: ['vscode'],
    mainFields: ['module', 'main'],
  }),
  esbuild.build({
    ...node,
    entryPoints: { worker: 'server/main/worker.ts', butler: 'server/main/cli.ts' },
    outdir: out,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    format: 'esm',
    mainFields: ['module', 'main'],
    splitting: true,
    banner: { js: requireBanner },
  }),
  esbuild.build({
    ...shared,
    entryPoints: { webview: 'webview/main.tsx' },
    outdir: out,
    format: 'esm',
    platform: 'browser',
    target: 'chrome128',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.ttf': 'file' },
    assetNames: '[name]',
  }),
  copyNative(values.target),
  copySchemas(),
]);
await chmod(path.join(out, 'butler.mjs'), 0o755);

/** Copies the native parts of one platform beside the bundles, where `server/main/config.ts` looks for them. */
async function copyNative(target) {
  const native = path.join(out, 'native');
  await mkdir(native, { recursive: true });
  const [system, cpu] = target.split('-');
  const exe = system === 'win32' ? '.exe' : '';
  const keyring = { linux: `linux-${cpu}-gnu`, darwin: `darwin-${cpu}`, win32: `win32-${cpu}-msvc` }[system];
  const modules = path.join(root, 'node_modules');
  await Promise.all([
    copyFile(
      path.join(modules, `better-sqlite3-multiple-ciphers/prebuilds/${target}.node`),
      path.join(native, 'sqlite.node'),
    ),
    copyFile(
      path.join(modules, `@vscode/ripgrep-universal/bin/${target}/rg${exe}`),
      path.join(native, `rg${exe}`),
    ),
    copyFile(
      path.join(modules, `@napi-rs/keyring-${keyring}/keyring.${keyring}.node`),
      path.join(native, 'keyring.node'),
    ),
  ]);
}

/** Copies the schemas by which an editor checks the files that people write. */
async function copySchemas() {
  const schemas = path.join(out, 'schemas');
  await mkdir(schemas, { recursive: true });
  const names = ['abilities.schema.json', 'playbook.schema.json'];
  await Promise.all(
    names.map((name) => copyFile(path.join(root, 'docs/protocol', name), path.join(schemas, name))),
  );
}
