import { spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import type { Images } from '../tools/files/things.ts';
import { environment, harmless, type PrivateGit } from './privateGit.ts';

/** The contents that a private repository keeps, by the digests that git gives them. */
export interface Objects extends Images, AsyncDisposable {}

/** Opens the contents; one git answers for all of them until they are let go. */
export function objectsOf(git: PrivateGit, signal: AbortSignal): Objects {
  let reader: Reader | null = null;
  const cache = { digest: '', bytes: null as Uint8Array | null };
  const objects: Objects = {
    digestOf,
    open: async (digest) => {
      const bytes = await objects.get(digest);
      return bytes && ReadableStream.from([bytes]);
    },
    get: async (digest) => {
      if (!/^[0-9a-f]{40}$/.test(digest)) return null;
      if (cache.digest === digest) return cache.bytes;
      reader ??= startReader(git, signal);
      const bytes = await reader.get(digest);
      cache.bytes = bytes && digestOf(bytes) === digest ? bytes : null;
      cache.digest = digest;
      return cache.bytes;
    },
    [Symbol.asyncDispose]: async () => reader?.close(),
  };
  return objects;
}

/** The digest that git gives a content; one that somebody changed in the repository is none of it. */
function digestOf(bytes: Uint8Array): string {
  return hash('sha1', Buffer.concat([Buffer.from(`blob ${bytes.length}\0`), bytes]));
}

interface Reader {
  get(digest: string): Promise<Uint8Array | null>;
  close(): void;
}

function startReader(git: PrivateGit, signal: AbortSignal): Reader {
  const child = spawn(git.program, [...harmless, 'cat-file', '--batch'], {
    cwd: git.folder,
    env: environment(git),
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
    signal,
    killSignal: 'SIGKILL',
  });
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  const chunks = child.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest: Buffer = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    const next = await chunks.next();
    if (!next.done) rest = Buffer.concat([rest, next.value]);
    return !next.done;
  };
  return {
    get: async (digest) => {
      child.stdin.write(`${digest}\n`);
      while (!rest.includes('\n')) if (!(await more())) return null;
      const end = rest.indexOf('\n');
      const [, kind, size] = rest.subarray(0, end).toString('latin1').split(' ');
      rest = rest.subarray(end + 1);
      if (kind !== 'blob') return null;
      const parts = [rest];
      const wanted = Number(size) + 1;
      for (let have = rest.length; have < wanted; ) {
        const next = await chunks.next();
        if (next.done) return null;
        parts.push(next.value);
        have += next.value.length;
      }
      const all = Buffer.concat(parts);
      rest = all.subarray(wanted);
      return all.subarray(0, wanted - 1);
    },
    close: () => {
      child.stdin.end();
      child.kill('SIGKILL');
    },
  };
}
