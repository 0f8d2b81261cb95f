import { createdBy } from './changes.ts';
import type { RemoteRecord } from './remoteRecord.ts';
import { isAsPublished, type RemoteStanding } from './remoteStanding.ts';

/** What is not as it was published; `null` when all of it is. */
export function faultIn(standing: RemoteStanding, record: RemoteRecord, execution: string): string | null {
  if (standing.marker?.execution !== execution) return 'another publication';
  const changedFile = [...standing.ours.keys()].find((path) => !isAsPublished(standing, path));
  if (changedFile !== undefined) return changedFile;
  return (
    record.removed.find((path) => standing.files.has(path) || standing.others.has(path)) ??
    folderInTheWay(standing, record)
  );
}

/** Where a file must come back, but a folder stands in which anything is of others; `null` where there is none. */
export function folderInTheWay(standing: RemoteStanding, record: RemoteRecord): string | null {
  const ours = new Set(createdBy(record));
  const made = new Set(record.folders);
  const isOursAlone = (folder: string) => {
    const below = (path: string) => path.startsWith(`${folder}/`);
    return (
      made.has(folder) &&
      [...standing.files.keys()].filter(below).every((path) => ours.has(path)) &&
      [...standing.folders].filter(below).every((path) => made.has(path)) &&
      ![...standing.others].some(below)
    );
  };
  const paths = record.kept.map(({ path }) => path);
  return paths.find((path) => standing.folders.has(path) && !isOursAlone(path)) ?? null;
}

/** Whether an earlier try got through and only its record is missing. */
export function isBackAlready(standing: RemoteStanding, record: RemoteRecord, execution: string): boolean {
  const { marker, files, obscure } = standing;
  if (obscure || marker?.execution === execution || marker?.execution !== record.former?.execution)
    return false;
  const kept = record.kept.every(({ path, size }) => files.get(path)?.size === size);
  return kept && createdBy(record).every((path) => !files.has(path));
}
