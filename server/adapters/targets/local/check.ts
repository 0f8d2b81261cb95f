import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import type { TargetContext } from '../../../core/ports/target.ts';
import { good } from '../../../protocol/failure.ts';
import type { TargetFinding } from '../../../protocol/target.ts';
import { markerName } from '../marker.ts';
import { unlessDiskRefuses } from './fault.ts';
import { localFolder } from './folder.ts';
import { isOurs, type Standing, steadily } from './standing.ts';
import { isOther, stands } from './tree.ts';

/** Looks whether a folder of this machine can be published to, without writing there. */
export async function checkLocal(given: string, context: TargetContext): Promise<readonly TargetFinding[]> {
  const folder = await localFolder(given, context);
  if (!folder.ok) return [faulty(folder.failure)];
  const { address } = folder.value;
  const at = folder.value.spot.path;
  if (await isOther(at))
    return [faulty({ what: `${address} is not a folder.`, mend: 'Choose another folder.' })];
  const closed = await closedAbove(at);
  if (closed !== null) {
    const what = `${closed} may not be written to, so that ${address} cannot be published to.`;
    return [faulty({ what, mend: 'Change the permissions of that folder, or choose another one.' })];
  }
  const looked = await unlessDiskRefuses(address, async () =>
    good(
      await steadily(path.dirname(at), path.basename(at), async (standing) => findingOf(address, standing)),
    ),
  );
  return [looked.ok ? looked.value : faulty(looked.failure)];
}

/** The folder itself or the nearest one above it that stands, where it may not be written to; `null` where it may. */
async function closedAbove(at: string): Promise<string | null> {
  let above = path.dirname(at);
  while (!(await stands(above)) && path.dirname(above) !== above) above = path.dirname(above);
  for (const folder of (await stands(at)) ? [at, above] : [above]) {
    const isOpen = await access(folder, constants.W_OK | constants.X_OK).then(
      () => true,
      () => false,
    );
    if (!isOpen) return folder;
  }
  return null;
}

function findingOf(address: string, standing: Standing): TargetFinding {
  if (!standing.exists) {
    return { good: true, what: `${address} is not there yet; it is made by the first publication.` };
  }
  if (standing.marker === null && standing.leaves.has(markerName)) {
    const what = `There is a file "${markerName}" in ${address} that is not of this target.`;
    return faulty({ what, mend: 'Choose another folder, or take that file away.' });
  }
  const names = [...standing.leaves.keys()].filter((name) => name !== markerName);
  const ours = names.filter((name) => isOurs(standing, name)).length;
  const what = `${address} can be written to; it holds ${ours} published files and ${names.length - ours} of others.`;
  return { good: true, what };
}

function faulty({ what, mend }: { readonly what: string; readonly mend: string }): TargetFinding {
  return { good: false, what, mend };
}
