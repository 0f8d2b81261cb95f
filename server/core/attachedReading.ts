import { AttachedFile } from '../protocol/attachment.ts';
import { bad, failures, good, type Outcome } from '../protocol/failure.ts';
import { pieceOf } from './deliverables.ts';
import type { Store } from './ports/store.ts';

/** The files that were handed over with a job; none where its chat was deleted. */
export async function attachedTo(
  store: Pick<Store, 'job' | 'entries'>,
  id: string,
): Promise<Outcome<{ created: number; files: AttachedFile[] }>> {
  const job = await store.job(id);
  if (!job) return bad(failures.notFound('job', id));
  const filter = { job: id, types: ['job.created' as const] };
  const { entries } = await store.entries({ filter, after: 0, limit: 1, bodies: true });
  const { files } = (entries[0]?.body ?? {}) as { files?: unknown };
  return good({ created: job.created, files: AttachedFile.array().catch([]).parse(files) });
}

/** A piece of a file that was handed over with a job. */
export async function readAttached(
  store: Pick<Store, 'job' | 'entries' | 'blobs'>,
  { job, name, from }: { readonly job: string; readonly name: string; readonly from: number },
): Promise<Outcome<Uint8Array>> {
  const attached = await attachedTo(store, job);
  if (!attached.ok) return attached;
  const file = attached.value.files.find((one) => one.name === name);
  if (!file) return bad(failures.notFound('file', name));
  const bytes = await pieceOf(store.blobs, file.digest, from);
  return bytes ? good(bytes) : bad(failures.deleted(name));
}
