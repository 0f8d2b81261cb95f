import { hash } from 'node:crypto';
import type { RemoteBytes, Transfer } from '../../../server/adapters/targets/remote/remoteFolder.ts';

/** Bytes as a remote folder takes them. */
export function bytesOf(bytes: Buffer, mime = 'text/plain'): RemoteBytes {
  return {
    size: bytes.length,
    mime,
    digest: hash('sha256', bytes),
    open: async (from = 0) => slices(bytes, from),
  };
}

/** A transfer that nobody watches. */
export function quietly(more: Partial<Transfer> = {}): Transfer {
  return { signal: AbortSignal.timeout(30_000), resumes: false, moved: () => {}, ...more };
}

async function* slices(bytes: Buffer, from: number): AsyncGenerator<Uint8Array> {
  for (let at = from; at < bytes.length; at += 1 << 20) yield bytes.subarray(at, at + (1 << 20));
}
