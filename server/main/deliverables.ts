import { exportFiles } from '../adapters/deliverables/exportFiles.ts';
import { decode } from '../adapters/tools/files/textForm.ts';
import { compare } from '../core/deliverableVersions.ts';
import { createJob } from '../core/jobs.ts';
import type { Deliverable } from '../protocol/deliverable.ts';
import type { FileDifference } from '../protocol/deliverableVersion.ts';
import { bad, failures, good, type Outcome } from '../protocol/failure.ts';
import type { Job } from '../protocol/job.ts';
import type { Butler } from './compose.ts';

/** Bytes of the longest text that is compared. */
const longestText = 1024 * 1024;

/** What two deliverables have not alike. */
export interface Compared {
  readonly before: string | null;
  readonly files: FileDifference[];
  readonly unchanged: number;
  readonly texts?: { readonly before: string | null; readonly after: string | null };
}

/** Compares two deliverables; with `path` also both texts of that file, where it is text. */
export async function compareTexts(
  { store }: Pick<Butler, 'store'>,
  request: { readonly id: string; readonly before?: string | undefined; readonly path?: string | undefined },
): Promise<Outcome<Compared>> {
  const compared = await compare(store, request);
  if (!compared.ok) return compared;
  const { before, after, files, unchanged } = compared.value;
  const result: Compared = { before: before?.id ?? null, files: [...files], unchanged };
  if (request.path === undefined) return good(result);
  const old = await textOf(store, before, request.path);
  const now = await textOf(store, after, request.path);
  if (old === undefined || now === undefined) return good(result);
  return good({ ...result, texts: { before: old, after: now } });
}

/** Writes files of a deliverable into a folder that a person chose. */
export async function exportTo(
  { store, ownFolders }: Pick<Butler, 'store' | 'ownFolders'>,
  request: {
    readonly id: string;
    readonly folder: string;
    readonly paths?: readonly string[] | undefined;
    readonly replace: boolean;
  },
): Promise<Outcome<{ folder: string; files: number; bytes: number }>> {
  const found = await store.deliverable(request.id);
  if (!found) return bad(failures.notFound('deliverable', request.id));
  const wanted = request.paths && new Set(request.paths);
  const files = found.files.filter((file) => !wanted || wanted.has(file.path));
  const missing = request.paths?.find((one) => !files.some((file) => file.path === one));
  if (missing !== undefined) return bad(failures.notFound('file', missing));
  const { folder, replace } = request;
  return exportFiles({ folder, files, replace, ownFolders }, store.blobs);
}

/** Hands over a job in the session of a deliverable that publishes it again; it asks before it acts. */
export async function publishAgain(butler: Butler, id: string, actor: string): Promise<Outcome<Job>> {
  const found = await butler.store.deliverable(id);
  if (!found) return bad(failures.notFound('deliverable', id));
  const { session } = found;
  return createJob(butler, { session, text: `/publish ${id}`, kind: 'task', provider: 'offline' }, actor);
}

/** The text of a file; `null` where there is none, `undefined` where it is no text or too long. */
async function textOf(
  { blobs }: Butler['store'],
  deliverable: Deliverable | null,
  path: string,
): Promise<string | null | undefined> {
  const file = deliverable?.files.find((one) => one.path === path);
  if (!file) return null;
  const bytes = file.size > longestText ? null : await blobs.get(file.digest);
  return bytes ? decode(bytes)?.text : undefined;
}
