import type { Blobs } from '../../core/ports/store.ts';

/** Whether the store still has the bytes of a digest. */
export async function hasBlob(digest: string, blobs: Pick<Blobs, 'open'>): Promise<boolean> {
  const pieces = await blobs.open(digest);
  if (!pieces) return false;
  for await (const _first of pieces) break;
  return true;
}
