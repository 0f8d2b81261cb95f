import type { TargetContext } from '../../../core/ports/target.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { announce, isAtWork, quiet, tidy, tidySoon, workOn } from './atWork.ts';
import { commit, stage } from './bring.ts';
import { createdBy, takingBack } from './changes.ts';
import { unlessRefused } from './remoteFault.ts';
import type { RemoteFolder } from './remoteFolder.ts';
import { type RemoteRecord, type RemoteUndo, readRecord } from './remoteRecord.ts';
import { isAsPublished, lookAt, othersAtWork, type RemoteStanding } from './remoteStanding.ts';
import { retrying } from './tries.ts';

/** Takes a publication back, or ends that when it died in the middle; what others added stays. */
export async function takeBackFrom(
  folder: RemoteFolder,
  { execution, undo }: RemoteUndo,
  given: TargetContext,
): Promise<Outcome<void>> {
  const context = { ...given, execution };
  const record = await readRecord(undo, context);
  if (!record) {
    const what = 'What it wants was deleted from the store.';
    return bad(failures.conflict(what, 'Change what stands there by hand.'));
  }
  const standing = await retrying(context.signal, () => lookAt(folder, context.signal));
  if (othersAtWork(standing, context)) return bad(isAtWork(folder));
  const own = standing.intents.find((one) => one.execution === execution);
  const isBegun = own?.intent?.does === 'undo';
  if (!isBegun) {
    if (isBackAlready(standing, record, execution)) return good(undefined);
    const fault = faultIn(standing, record, execution);
    if (fault !== null) return bad(changed(folder, fault));
    const announced = await unlessRefused(() => announce(folder, context, { does: 'undo', undo }, standing));
    if (!announced.ok) {
      await tidySoon(folder, execution);
      return announced;
    }
  }
  if (isBegun && isBackAlready(standing, record, execution)) return end(folder, record, execution);
  const change = takingBack(record, execution);
  const total = change.put.reduce((sum, { size }) => sum + size, 0);
  const work = workOn(
    folder,
    { ...context, signal: quiet() },
    { does: 'undo', undo },
    { total, resumes: isBegun },
  );
  try {
    await stage({ ...work, context }, change);
  } catch (error) {
    if (!isBegun) await tidySoon(folder, execution);
    throw error;
  }
  await commit(work, change);
  await work.rest();
  return end(folder, record, execution);
}

async function end(folder: RemoteFolder, record: RemoteRecord, execution: string): Promise<Outcome<void>> {
  await tidy(folder, execution, false);
  if (!record.existed) await folder.removeEmpty(['']);
  return good(undefined);
}

/** Whether an earlier try got through and only its record is missing. */
function isBackAlready(standing: RemoteStanding, record: RemoteRecord, execution: string): boolean {
  const { marker, files, obscure } = standing;
  if (obscure || marker?.execution === execution || marker?.execution !== record.former?.execution)
    return false;
  const kept = record.kept.every(({ path, size }) => files.get(path)?.size === size);
  return kept && createdBy(record).every((path) => !files.has(path));
}

/** What is not as it was published; `null` when all of it is. */
function faultIn(standing: RemoteStanding, record: RemoteRecord, execution: string): string | null {
  if (standing.marker?.execution !== execution) return 'another publication';
  const changedFile = [...standing.ours.keys()].find((path) => !isAsPublished(standing, path));
  if (changedFile !== undefined) return changedFile;
  const taken = new Set(record.removed);
  const isInTheWay = (path: string) =>
    taken.has(path) && standing.folders.has(path) && !standing.ours.has(path);
  return (
    record.removed.find((path) => standing.files.has(path) || standing.others.has(path)) ??
    record.removed.find((path) => isInTheWay(path) && !record.folders.includes(path)) ??
    null
  );
}

function changed(folder: RemoteFolder, what: string) {
  return failures.conflict(
    `${folder.address} is not as it was published: ${what} was changed since.`,
    'It was left as it is; compare it and change it by hand.',
  );
}
