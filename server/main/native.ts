import { randomBytes } from 'node:crypto';
import { access, chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { bad, failures, good, type Outcome } from '../protocol/failure.ts';
import { x86Calls } from './x86Calls.ts';

/** The parts that are built for one platform: paths of the SQLite and keychain add-ons and of ripgrep. */
export interface NativeParts {
  readonly sqlite?: string;
  readonly rg: string;
  readonly keyring?: string;
}

const exe = process.platform === 'win32' ? '.exe' : '';
const names = { sqlite: 'sqlite.node', rg: `rg${exe}`, keyring: 'keyring.node' } as const;

/**
 * Finds the native parts: plain beside the bundle, else packed there (a vsix carries them as brotli, which
 * halves the download) and unpacked once into `home`, else in the packages of the source tree.
 */
export async function nativeParts(home: string): Promise<NativeParts> {
  for (const folder of [import.meta.dirname, path.join(import.meta.dirname, '..')]) {
    const beside = path.join(folder, 'native');
    if (await exists(path.join(beside, names.sqlite))) return inFolder(beside);
    const packed = await readdir(beside).catch(() => []);
    const version = packed.find((name) => name.endsWith('.version'));
    if (version) return unpack(beside, path.join(home, 'native'), path.parse(version).name);
  }
  const ripgrep = createRequire(import.meta.url).resolve('@vscode/ripgrep-universal');
  const platform = `${process.platform}-${process.arch}`;
  return { rg: path.join(path.dirname(ripgrep), '..', 'bin', platform, names.rg) };
}

/** Unpacks into a folder that bears the digest of what is packed; complete or not there at all. */
async function unpack(packed: string, unpacked: string, version: string): Promise<NativeParts> {
  const folder = path.join(unpacked, version);
  if (await exists(folder)) return inFolder(folder);
  const half = path.join(unpacked, `.${version}-${randomBytes(6).toString('hex')}`);
  await mkdir(half, { recursive: true, mode: 0o700 });
  await Promise.all(
    Object.values(names).map(async (name) => {
      const bytes = await promisify(brotliDecompress)(await readFile(path.join(packed, `${name}.br`)));
      if (process.arch === 'x64') x86Calls(bytes, 'backwards');
      await writeFile(path.join(half, name), bytes);
      await chmod(path.join(half, name), 0o700);
    }),
  );
  await rename(half, folder).catch(async (error: unknown) => {
    await rm(half, { recursive: true, force: true });
    if (!(await exists(folder))) throw error;
  });
  return inFolder(folder);
}

function inFolder(folder: string): NativeParts {
  return {
    sqlite: path.join(folder, names.sqlite),
    rg: path.join(folder, names.rg),
    keyring: path.join(folder, names.keyring),
  };
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Makes the folder of the store, with the native parts in it. */
export async function settleIn(home: string): Promise<Outcome<NativeParts>> {
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    return good(await nativeParts(home));
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    const what = `"${home}" cannot be the folder of the store.`;
    return bad(failures.store(what, 'Check that it is a folder and that you may write there.'));
  }
}
