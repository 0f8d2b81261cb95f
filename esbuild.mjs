// Builds what the product ships: extension, worker, page and CLI, and the native parts of one platform, into dist/.
import { createHash } from 'node:crypto';
import { access, chmod, copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import * as esbuild from 'esbuild';
import { keepUsedIcons } from './scripts/icons.mjs';
import { noticesOf } from './scripts/notices.mjs';

const { values } = parseArgs({
  options: {
    minify: { type: 'boolean', default: false },
    /** A platform as vsce names it; the native parts of that one are taken. */
    target: { type: 'string', default: `${process.platform}-${process.arch}` },
    /** Packs the native parts as brotli, for a vsix; `server/main/native.ts` unpacks them. */
    pack: { type: 'boolean', default: false },
  },
});
const root = import.meta.dirname;
const dist = path.join(root, 'dist');
/** Built beside `dist` and moved there whole, so that nothing ever runs a half-built product. */
const out = path.join(root, 'build', `dist-${process.pid}`);

const shared = {
  bundle: true,
  absWorkingDir: root,
  minify: values.minify,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
};
const node = { ...shared, platform: 'node', target: 'node22' };

const requireBanner =
  "import { createRequire as butlerRequire } from 'node:module'; const require = butlerRequire(import.meta.url);";

const [extension, server, webview] = await Promise.all([
  esbuild.build({
    ...node,
    entryPoints: {
      extension: 'extension/main.ts',
      extensionParts: 'extension/compose.ts',
      languageClient: 'vscode-languageclient/node',
    },
    outdir: out,
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    external: ['vscode'],
    mainFields: ['module', 'main'],
    supported: { 'dynamic-import': false },
    plugins: [late({ './compose.ts': 'extensionParts', 'vscode-languageclient/node': 'languageClient' })],
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
  copyDecoder(),
]);
await keepUsedIcons(out);
await writeFile(
  path.join(out, 'THIRD_PARTY_NOTICES.txt'),
  noticesOf(
    root,
    [extension, server, webview].map(({ metafile }) => metafile),
    ['better-sqlite3-multiple-ciphers', '@vscode/ripgrep-universal', '@napi-rs/keyring', '@vscode/codicons'],
  ),
);
await chmod(path.join(out, 'butler.mjs'), 0o755);
await rm(dist, { recursive: true, force: true });
await rename(out, dist);

/** Leaves what is imported late in files of its own; esbuild splits only ES modules by itself. */
function late(files) {
  return {
    name: 'late',
    setup: ({ onResolve }) =>
      onResolve({ filter: /./ }, ({ kind, path: wanted }) =>
        kind === 'dynamic-import' && wanted in files
          ? { path: `./${files[wanted]}.cjs`, external: true }
          : undefined,
      ),
  };
}

/** Copies the native parts of one platform beside the bundles, where `server/main/config.ts` looks for them. */
async function copyNative(target) {
  const native = path.join(out, 'native');
  await mkdir(native, { recursive: true });
  const [system, cpu] = target.split('-');
  const exe = system === 'win32' ? '.exe' : '';
  const keyring = { linux: `linux-${cpu}-gnu`, darwin: `darwin-${cpu}`, win32: `win32-${cpu}-msvc` }[system];
  const modules = path.join(root, 'node_modules');
  const parts = {
    'sqlite.node': `better-sqlite3-multiple-ciphers/prebuilds/${target}.node`,
    [`rg${exe}`]: `@vscode/ripgrep-universal/bin/${target}/rg${exe}`,
    'keyring.node': `@napi-rs/keyring-${keyring}/keyring.${keyring}.node`,
  };
  const digests = await Promise.all(
    Object.entries(parts).map(async ([name, source]) => {
      const from = path.join(modules, source);
      if (!values.pack) return copyFile(from, path.join(native, name));
      const bytes = await readFile(from);
      await copyFile(await packed(bytes), path.join(native, `${name}.br`));
      return digest(bytes);
    }),
  );
  if (values.pack) await writeFile(path.join(native, `${digest(digests.join()).slice(0, 16)}.version`), '');
}

/** The packed form of some bytes, kept from build to build because packing takes long. */
async function packed(bytes) {
  const file = path.join(root, 'build', 'packed', `${digest(bytes)}.br`);
  await mkdir(path.dirname(file), { recursive: true });
  const kept = await access(file).then(
    () => true,
    () => false,
  );
  if (kept) return file;
  const { BROTLI_PARAM_LGWIN, BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = constants;
  const params = {
    [BROTLI_PARAM_QUALITY]: 11,
    [BROTLI_PARAM_LGWIN]: 24,
    [BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  const half = `${file}.${process.pid}`;
  await writeFile(half, await promisify(brotliCompress)(bytes, { params }));
  await rename(half, file);
  return file;
}

function digest(data) {
  return createHash('sha256').update(data).digest('hex');
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

/** Copies the program that reads WebP, where `server/adapters/images/webp.ts` looks for it. */
async function copyDecoder() {
  await mkdir(out, { recursive: true });
  const name = 'webp_dec.wasm';
  await copyFile(path.join(root, 'node_modules/@jsquash/webp/codec/dec', name), path.join(out, name));
}
