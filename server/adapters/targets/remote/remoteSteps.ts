import type { Parcel } from '../../../core/ports/target.ts';
import type { Preview } from '../../../protocol/approval.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { folded, parentsOf } from '../parcelNames.ts';
import type { RemoteFile } from './remoteFolder.ts';
import { isAsPublished, type RemoteStanding } from './remoteStanding.ts';

/** One line of a publication's preview, with what stands there now. */
export interface RemoteStep {
  readonly shown: Extract<Preview, { kind: 'files' }>['files'][number];
  readonly stands: RemoteFile | null;
}

/** What publishing a parcel there would do, file by file; `conflict` where something of others is in the way. */
export function remoteSteps(parcel: Parcel, standing: RemoteStanding): Outcome<RemoteStep[]> {
  const obstacle = obstacleFor(parcel, standing);
  if (obstacle !== null) {
    const what = `"${obstacle}" in the target folder is not from the butler and is in the way.`;
    return bad(failures.conflict(what, 'Move it away, or choose another folder for the target.'));
  }
  const steps: RemoteStep[] = parcel.files.map(({ path, digest, size }) => {
    const stands = standing.files.get(path) ?? null;
    const same = isAsPublished(standing, path) && standing.ours.get(path)?.[1] === digest;
    const change = stands === null ? 'create' : same ? 'unchanged' : 'update';
    return { shown: { path, change, size }, stands };
  });
  const wanted = new Set(parcel.files.map(({ path }) => path));
  for (const path of [...standing.ours.keys()].sort()) {
    const stands = standing.files.get(path);
    if (stands && !wanted.has(path)) {
      steps.push({ shown: { path, change: 'delete', size: stands.size }, stands });
    }
  }
  return good(steps);
}

/** The files of others that a publication would write over. */
export function overwritten(steps: readonly RemoteStep[], standing: RemoteStanding): string[] {
  return steps
    .filter(({ shown }) => shown.change === 'update' && !isAsPublished(standing, shown.path))
    .map(({ shown }) => shown.path);
}

/**
 * Something of others where a folder must be, or where a file must go, and be it only for a server that tells neither
 * case nor the form of accents apart; a folder where a file must go.
 */
function obstacleFor({ files }: Parcel, standing: RemoteStanding): string | null {
  if (standing.obscure) return '.butler-publish.json';
  const foreign = [...standing.files.keys()].filter((path) => isForeign(path, standing));
  const meant = new Map(foreign.map((path) => [folded(path), path]));
  for (const { path } of files) {
    const other = standing.files.has(path) ? undefined : meant.get(folded(path));
    if (other !== undefined) return other;
    if (standing.folders.has(path) && !isOursAlone(path, standing)) return path;
    if (standing.others.has(path)) return path;
    const above = parentsOf(path).find((one) => standing.others.has(one) || isForeign(one, standing));
    if (above !== undefined) return above;
  }
  return null;
}

/** A folder of which nothing stays when the files of the last publication go. */
function isOursAlone(folder: string, { files, others, ours, marker, folders }: RemoteStanding): boolean {
  const below = (path: string) => path.startsWith(`${folder}/`);
  const made = new Set(marker?.folders);
  return (
    made.has(folder) &&
    [...folders].filter(below).every((one) => made.has(one)) &&
    [...files.keys()].filter(below).every((one) => ours.has(one)) &&
    ![...others].some(below)
  );
}

function isForeign(path: string, { files, ours }: RemoteStanding): boolean {
  return files.has(path) && !ours.has(path);
}
