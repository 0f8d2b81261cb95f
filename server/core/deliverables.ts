import { bad, failures, good, type Outcome } from '../protocol/failure.ts';
import type { Store } from './ports/store.ts';

/** Reads one file of a deliverable, and whether its bytes are text. */
export async function readDeliverableFile(
  store: Store,
  request: { id: string; path: string },
): Promise<Outcome<{ mime: string; text: boolean; bytes: Uint8Array }>> {
  const deliverable = await store.deliverable(request.id);
  if (!deliverable) return bad(failures.notFound('deliverable', request.id));
  const file = deliverable.files.find((one) => one.path === request.path);
  if (!file) return bad(failures.notFound('file', request.path));
  const bytes = await store.blobs.get(file.digest);
  if (!bytes)
    return bad(failures.conflict(`The content of "${file.path}" was deleted.`, 'Run the job again.'));
  return good({ mime: file.mime, text: isText(file.mime), bytes });
}

function isText(mime: string): boolean {
  return /^text\/|[/+](json|xml|javascript)\b/.test(mime);
}
