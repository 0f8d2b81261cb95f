import type { Parcel, TargetContext } from '../../../core/ports/target.ts';
import { folded, parentsOf } from '../parcelNames.ts';
import { type MarkedFile, markerAbout, type RemoteMarker } from './remoteMarker.ts';
import type { RecordedFile, RemoteRecord } from './remoteRecord.ts';

/** What shall become of a remote folder: a publication is one, and taking it back is one. */
export interface Change {
  readonly execution: string;
  /** Tells its staged files from those of another change of the same execution. */
  readonly prefix: 'p' | 'u';
  readonly put: readonly RecordedFile[];
  readonly remove: readonly string[];
  /** Folders that go when they are empty, the outermost first. */
  readonly folders: readonly string[];
  /** What stands afterwards; the stamps of what is put are filled in. `null`: nothing of ours stands then. */
  readonly marker: RemoteMarker | null;
}

/** The change that publishing a parcel makes. */
export function publishing(
  parcel: Parcel,
  record: RemoteRecord,
  undo: string,
  { execution, now }: TargetContext,
): Change {
  const before = new Map((record.former?.files ?? []).map((file) => [file[0], file]));
  const unchanged = new Set(record.unchanged);
  const stay = new Set(parcel.files.flatMap(({ path }) => parentsOf(path)));
  const made = record.former?.folders ?? [];
  const emptied = new Set(record.removed.flatMap(parentsOf));
  const folders = made.filter((one) => emptied.has(one) && !stay.has(one));
  const files = parcel.files.map(({ path, digest, size }): MarkedFile => {
    const stands = unchanged.has(path) ? before.get(path) : undefined;
    return stands ?? [path, digest, size, ''];
  });
  const marker: RemoteMarker = {
    about: markerAbout,
    execution,
    deliverable: parcel.deliverable,
    time: now(),
    files,
    folders: [...new Set([...made.filter((one) => !folders.includes(one)), ...record.folders])].sort(),
    undo,
  };
  return { execution, prefix: 'p', put: record.put, remove: record.removed, folders, marker };
}

/** The change that takes a publication back to what stood there before it. */
export function takingBack(record: RemoteRecord, execution: string): Change {
  return {
    execution,
    prefix: 'u',
    put: record.kept,
    remove: createdBy(record),
    folders: record.folders,
    marker: record.former,
  };
}

/**
 * The same change where a part of it may be done already: only files that stand there are taken away, for what had
 * the name of a file may be a folder by now.
 */
export function asFarAs(change: Change, files: ReadonlyMap<string, unknown>): Change {
  return { ...change, remove: change.remove.filter((path) => files.has(path)) };
}

/**
 * What must go before anything can come: a file where a folder shall be, a folder where a file shall be, and a file
 * that some servers take for one that shall be.
 */
export function blockingOf({ put, remove }: Change): { files: Set<string>; folders: string[] } {
  const coming = new Set(put.map(({ path }) => path));
  const above = new Set(put.flatMap(({ path }) => parentsOf(path)));
  const below = remove.filter((path) => parentsOf(path).some((one) => coming.has(one)));
  const folders = below.flatMap((path) => {
    const parents = parentsOf(path);
    return parents.slice(parents.findIndex((one) => coming.has(one)));
  });
  const meant = new Set([...coming].map(folded));
  const files = [...below, ...remove.filter((path) => above.has(path) || meant.has(folded(path)))];
  return { files: new Set(files), folders: innermostFirst(folders) };
}

/** Folders in an order in which each comes before the one that it lies in. */
export function innermostFirst(folders: readonly string[]): string[] {
  return [...new Set(folders)].sort().reverse();
}

/** The files that were not there before a publication. */
export function createdBy({ put, kept }: RemoteRecord): string[] {
  const before = new Set(kept.map(({ path }) => path));
  return put.map(({ path }) => path).filter((path) => !before.has(path));
}
