import { type Deliverable, longestPiece } from '../protocol/deliverable.ts';
import { bad, failures, good, type Outcome } from '../protocol/failure.ts';
import type { Store } from './ports/store.ts';

/** Bytes of the largest file that is read whole. */
const largestRead = 64 * 1024 * 1024;

/** Reads what is known of one deliverable. */
export async function readDeliverable(
  store: Pick<Store, 'deliverable'>,
  id: string,
): Promise<Outcome<Deliverable>> {
  const found = await store.deliverable(id);
  return found ? good(found) : bad(failures.notFound('deliverable', id));
}

/** Reads one file of a deliverable, and whether its bytes are text. */
export async function readDeliverableFile(
  store: Pick<Store, 'deliverable' | 'blobs'>,
  request: { id: string; path: string; from?: number },
): Promise<Outcome<{ mime: string; text: boolean; bytes: Uint8Array }>> {
  const deliverable = await readDeliverable(store, request.id);
  if (!deliverable.ok) return deliverable;
  const file = deliverable.value.files.find((one) => one.path === request.path);
  if (!file) return bad(failures.notFound('file', request.path));
  const piece = request.from !== undefined;
  if (!piece && file.size > largestRead) {
    const what = `"${file.path}" is too large to be shown (${Math.round(file.size / 1024 / 1024)} MB).`;
    return bad(failures.conflict(what, 'Save it as a file instead.'));
  }
  const bytes = piece
    ? await pieceOf(store.blobs, file.digest, request.from ?? 0)
    : await store.blobs.get(file.digest);
  if (!bytes) return bad(failures.deleted(file.path));
  return good({ mime: file.mime, text: !piece && isText(file.mime), bytes });
}

/** Bytes from an offset on, at most those that are read at once; `null` where they were deleted. */
export async function pieceOf(
  blobs: Store['blobs'],
  digest: string,
  from: number,
): Promise<Uint8Array | null> {
  const rest = await blobs.open(digest, from);
  if (!rest) return null;
  const piece = new Uint8Array(longestPiece);
  let length = 0;
  for await (const bytes of rest) {
    const fitting = bytes.subarray(0, longestPiece - length);
    piece.set(fitting, length);
    length += fitting.length;
    if (length === longestPiece) break;
  }
  return piece.subarray(0, length);
}

function isText(mime: string): boolean {
  return /^text\/|[/+](json|xml|javascript)\b/.test(mime);
}
