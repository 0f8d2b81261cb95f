import { failures } from '../../../protocol/failure.ts';
import { markerName } from '../marker.ts';
import { someAtOnce } from '../someAtOnce.ts';
import { TargetFault } from '../targetFault.ts';
import { blockingOf, type Change, innermostFirst } from './changes.ts';
import type { RemoteContext } from './remoteContext.ts';
import type { RemoteBytes, RemoteFolder, Written } from './remoteFolder.ts';
import { type MarkedFile, type RemoteMarker, stagedOwn, stagingName } from './remoteMarker.ts';
import type { RecordedFile } from './remoteRecord.ts';
import { retrying } from './tries.ts';

/** A remote folder at work for one execution. */
export interface Work {
  readonly folder: RemoteFolder;
  readonly context: RemoteContext;
  /** Whether an earlier try of the same may have left a beginning there. */
  readonly resumes: boolean;
  /** Paths of the publication that were written or taken away, or may have been. */
  readonly touched: Set<string>;
  /** Called while bytes move. */
  moved(bytes: number, path: string): void;
  /** Gives a sign of life where it is time for one; rejects where another one took over meanwhile. */
  hold(): Promise<void>;
  /** Rejects where others changed one of these paths since the look; absent where what was begun is only ended. */
  assure?(paths: readonly string[]): Promise<void>;
}

/** Sends everything under names that nobody looks at; what a cut left there is taken up. Nothing where the place does not stage. */
export async function stage(work: Work, change: Change): Promise<void> {
  const { folder, context } = work;
  if (!folder.stages) return;
  const named = change.put.map((file, index) => ({ file, name: stagedName(change, file, index) }));
  await someAtOnce(named, folder.atOnce, context.signal, async ({ file, name }, signal) => {
    await work.hold();
    await send(work, file, name, signal);
  });
}

/** Makes the change: what was staged gets its names, what must go goes, and at last the marker says so. Answers the marker. */
export async function commit(work: Work, change: Change): Promise<RemoteMarker | null> {
  const { folder } = work;
  const signal = folder.stages ? work.context.rest : work.context.signal;
  const blocking = blockingOf(change);
  await removeAll(work, [...blocking.files], signal);
  if (blocking.folders.length > 0) await retrying(signal, () => folder.removeEmpty(blocking.folders, signal));
  const late = change.remove.filter((path) => !blocking.files.has(path));
  const stamps = await putAll(work, change, late, signal);
  await removeAll(work, late, signal);
  const marker = change.marker && (await stamped(work, change, change.marker, stamps, signal));
  work.touched.add(markerName);
  if (marker) await writeMarker(work, change.execution, marker, signal);
  else await retrying(signal, () => folder.remove(markerName, signal));
  await retrying(signal, () => folder.removeEmpty(innermostFirst(change.folders), signal));
  return marker;
}

/** Writes a small file of ours whole; with `staged` under that name first. */
export async function writeText(
  folder: RemoteFolder,
  { path, text, staged = path }: { readonly path: string; readonly text: string; readonly staged?: string },
  signal: AbortSignal,
): Promise<void> {
  const bytes = Buffer.from(text, 'utf8');
  const whole: RemoteBytes = {
    size: bytes.length,
    mime: 'application/json',
    digest: '',
    open: async (from = 0) => piecesOf(bytes.subarray(from)),
  };
  await retrying(signal, async () => {
    await folder.write(staged, whole, { signal, resumes: false, moved: () => {} });
    if (staged !== path) await folder.rename(staged, path, signal);
  });
}

/** Bears the digest, so that what a cut left there is only gone on with by the same bytes. */
function stagedName({ execution, prefix }: Change, { digest }: RecordedFile, index: number): string {
  return `${stagingName(execution)}/${prefix}${index}-${digest.slice(0, 32)}`;
}

/** The bytes of a file from the store. */
function bytesOf({ digest, size, mime, path, facts }: RecordedFile, { blobs }: RemoteContext): RemoteBytes {
  return {
    digest,
    size,
    mime,
    ...(facts ? { facts } : {}),
    open: async (from) => {
      const pieces = await blobs.open(digest, from);
      if (pieces) return pieces;
      const what = `The content of ${path} was deleted from the store.`;
      throw new TargetFault(failures.tool(what, 'Make the deliverable again.'));
    },
  };
}

/**
 * Pages come last, so that what they show is there when they are. Where all before them had to be sent first, it is
 * looked whether others changed the pages meanwhile, and what goes after them.
 */
async function putAll(
  work: Work,
  change: Change,
  late: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, string | null>> {
  const stamps = new Map<string, string | null>();
  const numbered = change.put.map((file, index) => ({ file, index }));
  const isPage = ({ file }: { file: RecordedFile }) => /\.x?html?$/i.test(file.path);
  const [first, pages] = [numbered.filter((one) => !isPage(one)), numbered.filter(isPage)];
  const putSome = (some: typeof numbered) =>
    someAtOnce(some, work.folder.atOnce, signal, async ({ file, index }, either) => {
      const written = await put(work, change, file, index, either);
      stamps.set(file.path, written.stamp);
    });
  await putSome(first);
  if (!work.folder.stages && first.length > 0)
    await work.assure?.([...pages.map(({ file }) => file.path), ...late]);
  await putSome(pages);
  return stamps;
}

async function put(
  work: Work,
  change: Change,
  file: RecordedFile,
  index: number,
  signal: AbortSignal,
): Promise<Written> {
  const { folder } = work;
  await work.hold();
  work.touched.add(file.path);
  if (!folder.stages) return send(work, file, file.path, signal);
  const staged = stagedName(change, file, index);
  const renamed = await renameOnce(folder, staged, file.path, signal);
  if (renamed) return renamed;
  await send({ ...work, resumes: false }, file, staged, signal);
  return (await renameOnce(folder, staged, file.path, signal)) ?? { stamp: null };
}

/** Sends a file as it lies in the store; after a cut it goes on where it stopped. */
async function send(work: Work, file: RecordedFile, name: string, signal: AbortSignal): Promise<Written> {
  const { folder, context, moved } = work;
  let { resumes } = work;
  return retrying(signal, async (progress) => {
    const transfer = {
      signal,
      resumes,
      moved: (bytes: number) => {
        if (signal.aborted) return;
        if (bytes > 0) progress();
        moved(bytes, file.path);
      },
    };
    resumes = true;
    return folder.write(name, bytesOf(file, context), transfer);
  });
}

/**
 * Renames; where the answer to an earlier try was lost, that it is no more under its old name says that it was done.
 * `null` where it is not there at the first try: a connection that was cut may have done the last of its work late.
 */
async function renameOnce(
  folder: RemoteFolder,
  from: string,
  to: string,
  signal: AbortSignal,
): Promise<Written | null> {
  let tried = false;
  return retrying(signal, async () => {
    try {
      return await folder.rename(from, to, signal);
    } catch (error) {
      const isGone = error instanceof TargetFault && error.failure.kind === 'notFound';
      if (isGone) return tried ? { stamp: null } : null;
      tried = true;
      throw error;
    }
  });
}

async function removeAll(
  { folder, touched, hold }: Work,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  await someAtOnce(paths, folder.atOnce, signal, async (path, either) => {
    await hold();
    touched.add(path);
    await retrying(either, () => folder.remove(path, either));
  });
}

/** The marker with the stamps that the files have now; what did not arrive whole is a fault. */
async function stamped(
  { folder }: Work,
  { put }: Change,
  marker: RemoteMarker,
  stamps: ReadonlyMap<string, string | null>,
  signal: AbortSignal,
): Promise<RemoteMarker> {
  const listing = [...stamps.values()].includes(null)
    ? await retrying(signal, () => folder.list({ signal }))
    : null;
  const standing = new Map((listing?.files ?? []).map((file) => [file.path, file]));
  const digests = new Map(put.map(({ path, digest }) => [path, digest]));
  const files = marker.files.map((file): MarkedFile => {
    const [path, digest, size] = file;
    const known = stamps.get(path);
    if (known === undefined || digests.get(path) !== digest) return file;
    if (known !== null) return [path, digest, size, known];
    const found = standing.get(path);
    if (found?.size === size) return [path, digest, size, found.stamp];
    const what = `"${path}" did not arrive whole in ${folder.address}${found ? '' : '; it is not there'}.`;
    throw new TargetFault(failures.conflict(what, 'Publish again when nobody else writes there.'));
  });
  return { ...marker, files };
}

async function writeMarker(
  { folder }: Work,
  execution: string,
  marker: RemoteMarker,
  signal: AbortSignal,
): Promise<void> {
  const staged = folder.stages ? { staged: stagedOwn(execution, 'marker') } : {};
  await writeText(folder, { path: markerName, text: `${JSON.stringify(marker)}\n`, ...staged }, signal);
}

async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
