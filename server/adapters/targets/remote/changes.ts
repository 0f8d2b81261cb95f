import type { Parcel, TargetContext } from '../../../core/ports/target.ts';
import type { Change } from './bring.ts';
import { parentsOf } from './parcelNames.ts';
import { type MarkedFile, markerAbout, type RemoteMarker } from './remoteMarker.ts';
import type { RemoteRecord } from './remoteRecord.ts';

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

/** The files that were not there before a publication. */
export function createdBy({ put, kept }: RemoteRecord): string[] {
  const before = new Set(kept.map(({ path }) => path));
  return put.map(({ path }) => path).filter((path) => !before.has(path));
}

/** What taking a publication back would do, as one sentence. */
export function undoesOf(created: number, kept: number): string {
  const parts = [
    created > 0 ? `deletes ${filesOf(created)} there` : '',
    kept > 0 ? `puts ${filesOf(kept)} back as ${kept === 1 ? 'it was' : 'they were'}` : '',
  ].filter(Boolean);
  const text = parts.join(' and ') || 'changes no file, but takes the mark of this publication away';
  return `Taking it back ${text}.`;
}

function filesOf(count: number): string {
  return count === 1 ? '1 file' : `${count} files`;
}
