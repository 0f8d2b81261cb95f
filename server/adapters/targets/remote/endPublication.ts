import type { Parcel } from '../../../core/ports/target.ts';
import { TargetFault } from '../targetFault.ts';
import { announce, sinceOf } from './announce.ts';
import { tidy } from './atWork.ts';
import { asFarAs, publishing } from './changes.ts';
import { carryOut, type Stood } from './publishing.ts';
import type { RemoteContext } from './remoteContext.ts';
import type { RemoteFolder } from './remoteFolder.ts';
import { type RemoteRecord, readRecord } from './remoteRecord.ts';
import { lookAt, type RemoteStanding, standsFrom } from './remoteStanding.ts';
import { carryBack } from './takeBack.ts';
import { retrying } from './tries.ts';

/** Ends a publication of this execution that died in the middle; `null` when nothing of it stands there. */
export async function endPublication(
  folder: RemoteFolder,
  parcel: Parcel,
  context: RemoteContext,
): Promise<Stood | null> {
  const { execution, signal, rest } = context;
  const standing = await retrying(signal, () => lookAt(folder, signal));
  const own = standing.intents.find((one) => one.execution === execution);
  const isLeft = own !== undefined || standing.staged.some(({ path }) => path.includes(`-${execution}/`));
  const { marker } = standing;
  const undo = marker?.execution === execution ? marker.undo : (own?.intent?.undo ?? null);
  const record = await readRecord(undo, { execution, folder }, context);
  if (marker?.execution === execution) {
    if (own?.intent?.does === 'undo' && record)
      return goBack({ folder, context, standing }, marker.undo, record);
    if (isLeft) await tidy(folder, execution, rest);
    return record && { marker, record };
  }
  const isBegun =
    own?.intent?.does === 'publish' && standsFrom(standing, record?.former?.execution, execution);
  if (isBegun && undo !== null && record) {
    const stood = await goOn({ folder, context, standing }, parcel, { undo, record });
    await tidy(folder, execution, rest);
    return stood;
  }
  if (isLeft) await tidy(folder, execution, rest);
  return null;
}

interface Ending {
  readonly folder: RemoteFolder;
  readonly context: RemoteContext;
  readonly standing: RemoteStanding;
}

/** Rolls forward, unless another one took over, or says so at the same moment. */
async function goOn(
  { folder, context, standing }: Ending,
  parcel: Parcel,
  { undo, record }: { readonly undo: string; readonly record: RemoteRecord },
): Promise<Stood> {
  const errand = { does: 'publish', undo } as const;
  const since = { ...sinceOf(standing), isBegun: true };
  const announced = await announce(folder, context, errand, since);
  if (!announced.ok) throw new TargetFault(announced.failure);
  const begun = { folder, context, record, undo, touched: new Set<string>() };
  const change = asFarAs(publishing(parcel, record, undo, context), standing.files);
  return { marker: await carryOut(begun, change, { standing, resumes: true }), record };
}

async function goBack(
  { folder, context, standing }: Ending,
  undo: string,
  record: RemoteRecord,
): Promise<null> {
  const back = await carryBack(folder, { record, undo, standing, isBegun: true }, context);
  if (!back.ok) throw new TargetFault(back.failure);
  return null;
}
