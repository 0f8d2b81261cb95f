import { exportFiles } from '../adapters/deliverables/exportFiles.ts';
import { decode } from '../adapters/tools/files/textForm.ts';
import { readDeliverableFile } from '../core/deliverables.ts';
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
  const { path } = request;
  if (![before, after].some((one) => one?.files.some((file) => file.path === path))) {
    return bad(failures.notFound('file', path));
  }
  const [old, now] = [await textOf(store, before, path), await textOf(store, after, path)];
  if (!old.ok) return old;
  if (!now.ok) return now;
  if (old.value === undefined || now.value === undefined) return good(result);
  return good({ ...result, texts: { before: old.value, after: now.value } });
}

/** Reads one file of a deliverable: text as it is, anything else in base64. */
export async function readFileOf(
  { store }: Pick<Butler, 'store'>,
  request: { readonly id: string; readonly path: string; readonly from?: number },
): Promise<Outcome<{ mime: string; encoding: 'utf8' | 'base64'; content: string }>> {
  const found = await readDeliverableFile(store, request);
  if (!found.ok) return found;
  const { mime, text, bytes } = found.value;
  const encoding = text ? 'utf8' : 'base64';
  return good({ mime, encoding, content: Buffer.from(bytes).toString(encoding) });
}

/** Writes files of a deliverable into a folder that a person chose. */
export async function exportTo(
  { store, ownFolders }: Pick<Butler, 'store' | 'ownFolders'>,
  request: {
    readonly id: string;
    readonly folder: string;
    readonly paths?: readonly string[] | undefined;
    readonly name?: string | undefined;
    readonly replace: boolean;
  },
  signal: AbortSignal,
): Promise<Outcome<{ folder: string; files: number; bytes: number }>> {
  const found = await store.deliverable(request.id);
  if (!found) return bad(failures.notFound('deliverable', request.id));
  const wanted = request.paths && new Set(request.paths);
  const files = found.files.filter((file) => !wanted || wanted.has(file.path));
  const missing = request.paths?.find((one) => !files.some((file) => file.path === one));
  if (missing !== undefined) return bad(failures.notFound('file', missing));
  const { folder, replace, name } = request;
  const named = name === undefined ? files : files.map((file) => ({ ...file, path: name }));
  if (name !== undefined && (named.length !== 1 || name.includes('/'))) {
    return bad(
      failures.invalid('name', 'Only one file can be given a name.', 'Name one path, and no folder.'),
    );
  }
  return exportFiles({ folder, files: named, replace, ownFolders, signal }, store.blobs);
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
): Promise<Outcome<string | null | undefined>> {
  const file = deliverable?.files.find((one) => one.path === path);
  if (!file) return good(null);
  if (file.size > longestText) return good(undefined);
  const bytes = await blobs.get(file.digest);
  return bytes ? good(decode(bytes)?.text) : bad(failures.deleted(path));
}
