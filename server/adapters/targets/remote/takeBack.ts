import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { unlessRefused } from '../targetFault.ts';
import { announce, isAtWork, sinceOf } from './announce.ts';
import { tidy, tidySoon, workOn } from './atWork.ts';
import { commit, stage } from './bring.ts';
import { changedSince, pathsIn } from './changedSince.ts';
import { asFarAs, takingBack } from './changes.ts';
import type { RemoteContext } from './remoteContext.ts';
import type { RemoteFolder } from './remoteFolder.ts';
import { isWhole, type RemoteRecord, type RemoteUndo, readRecord } from './remoteRecord.ts';
import { lookAt, othersAtWork, type RemoteStanding } from './remoteStanding.ts';
import { faultIn, folderInTheWay, isBackAlready } from './takeBackFaults.ts';
import { retrying } from './tries.ts';

/** Takes a publication back, or ends that when it died in the middle; what others added stays. */
export async function takeBackFrom(
  folder: RemoteFolder,
  { execution, undo }: RemoteUndo,
  given: RemoteContext,
): Promise<Outcome<void>> {
  const context = { ...given, execution };
  const record = await readRecord(undo, { execution, folder }, context);
  if (!record) return bad(lost());
  const standing = await retrying(context.signal, () => lookAt(folder, context.signal));
  if (othersAtWork(standing, context)) return bad(isAtWork(folder));
  const isBegun = standing.intents.some((one) => one.execution === execution && one.intent?.does === 'undo');
  if (isBackAlready(standing, record, execution))
    return isBegun ? end(folder, record, context) : good(undefined);
  return carryBack(folder, { record, undo, standing, isBegun }, context);
}

/** Takes back what stands there or was begun, once it is clear that nothing of others is lost by it. */
export async function carryBack(
  folder: RemoteFolder,
  { record, undo, standing, isBegun }: Back,
  context: RemoteContext,
): Promise<Outcome<void>> {
  const { execution } = context;
  const fault = isBegun ? folderInTheWay(standing, record) : faultIn(standing, record, execution);
  if (fault !== null) return bad(changed(folder, fault));
  if (!(await isWhole(record, context))) return bad(lost());
  const errand = { does: 'undo', undo } as const;
  const since = sinceOf(standing);
  const announced = await unlessRefused(() => announce(folder, context, errand, { ...since, isBegun }));
  if (!announced.ok) {
    if (!isBegun) await tidySoon(folder, context);
    return announced;
  }
  const change = asFarAs(takingBack(record, execution), standing.files);
  const total = change.put.reduce((sum, { size }) => sum + size, 0);
  const calm = { ...context, signal: context.rest };
  const work = workOn(folder, calm, errand, { total, resumes: isBegun, ...since });
  try {
    await stage({ ...work, context }, change);
    const touched = isBegun ? null : await changedSince(folder, pathsIn(change), standing, context.signal);
    if (touched !== null) {
      await tidy(folder, execution, context.rest);
      return bad(changed(folder, touched));
    }
  } catch (error) {
    if (!isBegun) await tidySoon(folder, context);
    throw error;
  }
  await commit(work, change);
  await work.signed();
  return end(folder, record, context);
}

/** What is taken back, and how it stands there. */
export interface Back {
  readonly record: RemoteRecord;
  /** The blob with the record. */
  readonly undo: string;
  readonly standing: RemoteStanding;
  /** Whether an earlier try died in the middle. */
  readonly isBegun: boolean;
}

async function end(
  folder: RemoteFolder,
  { existed }: RemoteRecord,
  { execution, rest }: RemoteContext,
): Promise<Outcome<void>> {
  await tidy(folder, execution, rest);
  if (!existed) await folder.removeEmpty([''], rest);
  return good(undefined);
}

function lost() {
  const what = 'What it wants was deleted from the store.';
  return failures.conflict(what, 'Change what stands there by hand.');
}

function changed(folder: RemoteFolder, what: string) {
  return failures.conflict(
    `${folder.address} is not as it was published: ${what} was changed since.`,
    'It was left as it is; compare it and change it by hand.',
  );
}
