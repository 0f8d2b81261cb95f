import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { RemoteServer } from './remoteCase.ts';

const run = promisify(execFile);

/** Looks at the server's folders behind its back. */
export function diskOf(home: string): Pick<RemoteServer, 'snapshot' | 'put'> {
  return {
    snapshot: async (folder) => {
      const found: Record<string, string> = {};
      const at = path.join(home, folder);
      for (const entry of await readdir(at, { recursive: true, withFileTypes: true }).catch(() => [])) {
        const name = path.relative(at, path.join(entry.parentPath, entry.name));
        if (entry.isFile()) found[name] = await digestAt(path.join(at, name));
      }
      return found;
    },
    put: async (folder, name, content) => {
      const at = path.join(home, folder, name);
      await mkdir(path.dirname(at), { recursive: true });
      await writeFile(at, content);
    },
  };
}

/** A folder that has room for 20,000 bytes only; `null` where none can be mounted, which root can on Linux. */
export async function smallDisk(folder: string): Promise<AsyncDisposable | null> {
  await mkdir(folder);
  const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=20k', 'none', folder]).catch(() => null);
  return mounted && { [Symbol.asyncDispose]: async () => void (await run('umount', ['-l', folder])) };
}

async function digestAt(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file)) hash.update(piece);
  return hash.digest('hex');
}
