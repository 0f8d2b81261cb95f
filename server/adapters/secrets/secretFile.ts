import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { locked } from './lock.ts';
import type { Vault } from './vault.ts';

/** A file that only its owner can read: not encrypted, and the last resort. */
export function secretFile(file: string): Vault {
  const change = (name: string, value: string | null) =>
    locked(`${file}.lock`, async () => {
      const { [name]: _, ...others } = await read(file);
      await write(file, value === null ? others : { ...others, [name]: value });
    });
  return {
    place: {
      name: 'file',
      about: `In the file ${file}, which only you may read; it is not encrypted, because no keychain answers here.`,
    },
    works: async () => true,
    get: async (name) => (await read(file))[name] ?? null,
    set: (name, value) => change(name, value),
    async remove(name) {
      if (name in (await read(file))) await change(name, null);
    },
  };
}

type Content = Record<string, string>;

/** Reads the file, after mending its mode where others could read it. */
async function read(file: string): Promise<Content> {
  const found = await stat(file).catch(() => null);
  if (!found) return {};
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) await chmod(file, 0o600);
  const content: unknown = JSON.parse(await readFile(file, 'utf8'));
  return Object.fromEntries(
    Object.entries(content ?? {}).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}

async function write(file: string, content: Content): Promise<void> {
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const fresh = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(fresh, 'wx', 0o600);
  await handle.writeFile(`${JSON.stringify(content, null, 2)}\n`);
  await handle.sync();
  await handle.close();
  await rename(fresh, file);
}
