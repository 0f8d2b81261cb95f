// Builds what the product ships: extension, worker, page and CLI, and the native parts of one platform, into dist/.
import { createHash } from 'node:crypto';
import { access, chmod, copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import * as esbuild from 'esbuild';
import { keepUsedIcons } from './scripts/icons.mjs';
import { loadedPart } from './scripts/loadedPart.mjs';
import { noticesOf } from './scripts/notices.mjs';
import { x86Calls } from './server/main/x86Calls.ts';

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

/** A module without anything, whatever is asked of it. */
const nothing = 'module.exports = {};';

/** Of the MCP client: we give our own validator of answers, nobody is logged in to, and schemas are of today's zod. */
const unusedOfMcp = {
  '../validation/ajv-provider.js': nothing,
  './auth.js': nothing,
  'zod/v3': nothing,
  'zod-to-json-schema': nothing,
};

/** Of the sandbox runtime: nobody's TLS is opened, and Windows has no sandbox here. */
const unusedOfSandbox = {
  './mitm-ca.js': nothing,
  './mitm-leaf.js': nothing,
  './mxc-sandbox-utils.js': nothing,
  './windows-sandbox-utils.js': nothing,
};

/** Of zod, where nobody makes a JSON schema: page and extension read those that the worker made. */
const unusedOfZod = {
  '../core/json-schema-processors.js': nothing,
  '../core/to-json-schema.js': noneOf('createToJSONSchemaMethod', 'createStandardJSONSchemaMethod'),
  './json-schema-processors.js': noneOf('toJSONSchema'),
  './to-json-schema.js': 'export {};',
  './json-schema-generator.js': noneOf('JSONSchemaGenerator'),
  './from-json-schema.js': noneOf('fromJSONSchema'),
};

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
    plugins: [
      late({ './compose.ts': 'extensionParts', 'vscode-languageclient/node': 'languageClient' }),
      withoutUnused('zod', unusedOfZod),
    ],
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
    define: { __filename: 'import.meta.filename' },
    plugins: [
      withoutUnused('@modelcontextprotocol/sdk', unusedOfMcp),
      withoutUnused('@anthropic-ai/sandbox-runtime', unusedOfSandbox),
    ],
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
    plugins: [withoutUnused('zod', unusedOfZod)],
  }),
  copyNative(values.target),
  copySchemas(),
  copyDecoder(),
  copyGrammars(),
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

/** Leaves out files that a package imports and never comes to, so that the vsix stays small. */
function withoutUnused(of, unused) {
  return {
    name: `unused of ${of}`,
    setup: ({ onResolve, onLoad }) => {
      const namespace = `unused of ${of}`;
      onResolve({ filter: /./ }, ({ importer, path: wanted }) =>
        Object.hasOwn(unused, wanted) && importer.includes(path.join('node_modules', of))
          ? { path: wanted, namespace }
          : undefined,
      );
      onLoad({ filter: /./, namespace }, ({ path: wanted }) => ({ contents: unused[wanted] }));
    },
  };
}

/** A module that has these names, and nothing behind them. */
function noneOf(...names) {
  return `export const ${names.map((name) => `${name} = undefined`).join(', ')};`;
}

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
      const bytes = loadedPart(await readFile(from));
      const version = digest(bytes);
      if (cpu === 'x64') x86Calls(bytes, 'forwards');
      await copyFile(await packed(bytes), path.join(native, `${name}.br`));
      return version;
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
  const names = ['abilities.schema.json', 'mcp.schema.json', 'playbook.schema.json', 'policy.schema.json'];
  await Promise.all(
    names.map((name) => copyFile(path.join(root, 'docs/protocol', name), path.join(schemas, name))),
  );
}

/** Copies the program that reads WebP, where `server/adapters/images/webp.ts` looks for it. */
async function copyDecoder() {
  await mkdir(out, { recursive: true });
  await copyProgram(path.join(root, 'node_modules/@jsquash/webp/codec/dec/webp_dec.wasm'), out);
}

/**
 * Copies the parser of commands and scripts with its grammars, where `server/adapters/shells/grammars.ts` looks for them.
 * What people install has PowerShell's only where that is the shell; elsewhere its commands are asked for (docs/decisions/0010).
 */
async function copyGrammars() {
  const grammars = path.join(out, 'grammars');
  await mkdir(grammars, { recursive: true });
  const isWanted = (name) =>
    !values.pack || name !== 'tree-sitter-powershell' || values.target.startsWith('win32');
  const languages = ['bash', 'powershell', 'python'].map((name) => `tree-sitter-${name}`);
  const names = ['tree-sitter', ...languages].filter(isWanted);
  const from = path.join(root, 'node_modules/@vscode/tree-sitter-wasm/wasm');
  await Promise.all(names.map((name) => copyProgram(path.join(from, `${name}.wasm`), grammars)));
}

/** Copies a WebAssembly program, packed where a vsix is made. */
async function copyProgram(from, to) {
  const name = path.join(to, path.basename(from));
  if (values.pack) await copyFile(await packed(await readFile(from)), `${name}.br`);
  else await copyFile(from, name);
}
