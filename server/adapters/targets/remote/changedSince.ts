import { failures } from '../../../protocol/failure.ts';
import { TargetFault } from '../targetFault.ts';
import type { Change } from './changes.ts';
import type { RemoteFolder } from './remoteFolder.ts';
import type { RemoteStanding } from './remoteStanding.ts';
import { retrying } from './tries.ts';

/** The paths that a change writes or takes away. */
export function pathsIn({ put, remove }: Pick<Change, 'put' | 'remove'>): string[] {
  return [...put.map(({ path }) => path), ...remove];
}

/** The first of the paths at which something else stands than was seen; `null` when all are as they were. */
export async function changedSince(
  folder: RemoteFolder,
  paths: readonly string[],
  seen: RemoteStanding,
  signal: AbortSignal,
): Promise<string | null> {
  if (paths.length === 0) return null;
  const listing = await retrying(signal, () => folder.list({ signal }));
  const now = new Map((listing?.files ?? []).map((file) => [file.path, file]));
  const folders = new Set(listing?.folders ?? []);
  const isChanged = (path: string) => {
    const [was, is] = [seen.files.get(path), now.get(path)];
    const isFolder = folders.has(path) && !seen.folders.has(path);
    return isFolder || was?.size !== is?.size || was?.stamp !== is?.stamp;
  };
  return paths.find(isChanged) ?? null;
}

/** The fault of a folder in which others are at work at the same time. */
export function changedByOthers(folder: RemoteFolder, path: string): TargetFault {
  const what = `"${path}" in ${folder.address} was changed by others a moment ago.`;
  return new TargetFault(failures.conflict(what, 'Publish again; what stands there then is shown before.'));
}
