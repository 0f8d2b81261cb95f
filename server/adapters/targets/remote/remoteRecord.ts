import { lookup } from 'mrmime';
import * as z from 'zod';
import type { Parcel, TargetContext } from '../../../core/ports/target.ts';
import { failures } from '../../../protocol/failure.ts';
import { Digest, Id } from '../../../protocol/message.ts';
import { hasBlob } from '../hasBlob.ts';
import { parentsOf } from '../parcelNames.ts';
import { someAtOnce } from '../someAtOnce.ts';
import { TargetFault } from '../targetFault.ts';
import type { RemoteFolder } from './remoteFolder.ts';
import { RemoteMarker } from './remoteMarker.ts';
import { isAsPublished, parsed, type RemoteStanding } from './remoteStanding.ts';
import type { RemoteStep } from './remoteSteps.ts';
import { retrying } from './tries.ts';

/** A file with the bytes that it had, or shall have. */
export const RecordedFile = z.strictObject({
  path: z.string(),
  digest: Digest,
  size: z.int().nonnegative(),
  mime: z.string(),
  /** What the place told of one that others had put there. */
  facts: z.record(z.string(), z.string()).optional(),
});
export type RecordedFile = z.infer<typeof RecordedFile>;

/** What a publication changes in a remote folder, kept in the store before it begins. */
export const RemoteRecord = z.strictObject({
  /** Whose publication it is, and where: what a server says of other records is not believed. */
  execution: Id,
  address: z.string(),
  deliverable: Id,
  /** Whether the folder was there. */
  existed: z.boolean(),
  /** What is sent. */
  put: z.array(RecordedFile),
  /** What is taken away. */
  removed: z.array(z.string()),
  /** What belongs to the publication and stands there already. */
  unchanged: z.array(z.string()),
  /** What was written over or taken away, as it was. */
  kept: z.array(RecordedFile),
  /** Folders that were not there before, the outermost first. */
  folders: z.array(z.string()),
  /** The marker that stood there. */
  former: RemoteMarker.nullable(),
});
export type RemoteRecord = z.infer<typeof RemoteRecord>;

/** What `unpublish` is given. */
export const RemoteUndo = z.strictObject({
  execution: Id,
  config: z.record(z.string(), z.json()),
  /** The blob with the record. */
  undo: Digest,
});
export type RemoteUndo = z.infer<typeof RemoteUndo>;

/** Writes down what a publication will change, and keeps what it will write over. */
export async function recordOf(
  parcel: Parcel,
  steps: readonly RemoteStep[],
  standing: RemoteStanding,
  folder: RemoteFolder,
  context: TargetContext,
): Promise<RemoteRecord> {
  const pathsOf = (...changes: string[]) =>
    steps.filter(({ shown }) => changes.includes(shown.change)).map(({ shown }) => shown.path);
  const sent = new Set(pathsOf('create', 'update'));
  const put = parcel.files.filter(({ path }) => sent.has(path));
  const parents = new Set(put.flatMap(({ path }) => parentsOf(path)));
  return {
    execution: context.execution,
    address: folder.address,
    deliverable: parcel.deliverable,
    existed: standing.exists,
    put: put.map(({ path, digest, size, mime }) => ({ path, digest, size, mime })),
    removed: pathsOf('delete'),
    unchanged: pathsOf('unchanged'),
    kept: await keepAll(pathsOf('update', 'delete'), standing, folder, context),
    folders: [...parents].filter((one) => !standing.folders.has(one)).sort(),
    former: standing.marker,
  };
}

/** The record of an execution that lies in the store; `null` where it was deleted, or is that of another, or none. */
export async function readRecord(
  digest: string | null,
  { execution, folder }: { readonly execution: string; readonly folder: RemoteFolder },
  context: TargetContext,
): Promise<RemoteRecord | null> {
  const bytes = digest === null ? null : await context.blobs.get(digest);
  const record = bytes && RemoteRecord.safeParse(parsed(Buffer.from(bytes).toString('utf8'))).data;
  return record?.execution === execution && record.address === folder.address ? record : null;
}

/** Whether the store still has all that a record puts back. */
export async function isWhole({ kept }: RemoteRecord, { blobs }: TargetContext): Promise<boolean> {
  for (const { digest } of kept) if (!(await hasBlob(digest, blobs))) return false;
  return true;
}

/** Puts a record into the store. */
export function writeRecord(record: RemoteRecord, context: TargetContext): Promise<string> {
  return context.blobs.put(Buffer.from(JSON.stringify(record), 'utf8'));
}

async function keepAll(
  paths: readonly string[],
  standing: RemoteStanding,
  folder: RemoteFolder,
  context: TargetContext,
): Promise<RecordedFile[]> {
  const kept = new Map<string, RecordedFile>();
  await someAtOnce(paths, folder.atOnce, context.signal, async (path, signal) => {
    kept.set(path, await retrying(signal, () => keep(path, standing, folder, { ...context, signal })));
  });
  return paths.flatMap((path) => kept.get(path) ?? []);
}

/** Keeps a file as it stands; what we sent there ourselves and still have is not fetched. */
async function keep(
  path: string,
  standing: RemoteStanding,
  folder: RemoteFolder,
  { blobs, signal }: TargetContext,
): Promise<RecordedFile> {
  const mime = lookup(path) ?? 'application/octet-stream';
  const marked = standing.ours.get(path);
  if (marked && isAsPublished(standing, path) && (await hasBlob(marked[1], blobs))) {
    return { path, digest: marked[1], size: marked[2], mime };
  }
  const pieces = await folder.read(path, signal);
  if (!pieces) {
    const what = `"${path}" was taken away from ${folder.address} a moment ago.`;
    throw new TargetFault(failures.conflict(what, 'Publish again.'));
  }
  const size = standing.files.get(path)?.size ?? 0;
  const changes = () => {
    const what = `"${path}" in ${folder.address} changes at this moment.`;
    return new TargetFault(failures.conflict(what, 'Publish again when nobody writes there.'));
  };
  const kept = await blobs.putAll(upTo(size, pieces, changes));
  if (kept.size !== size) throw changes();
  const facts = await folder.factsOf?.(path, signal);
  return { path, ...kept, mime, ...(facts ? { facts } : {}) };
}

/** The pieces of a file that is as long as its server said; a longer one is a fault. */
async function* upTo(
  size: number,
  pieces: AsyncIterable<Uint8Array>,
  fault: () => TargetFault,
): AsyncGenerator<Uint8Array> {
  let read = 0;
  for await (const piece of pieces) {
    read += piece.length;
    if (read > size) throw fault();
    yield piece;
  }
}
