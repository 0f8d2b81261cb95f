import type { Parcel } from '../../../core/ports/target.ts';
import { bad, type Failure, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { TargetFault, unlessRefused } from '../targetFault.ts';
import { announce, type Errand, isAtWork, sinceOf, writeIntent } from './announce.ts';
import { Overtaken, tidy, tidySoon, workOn } from './atWork.ts';
import { commit, stage } from './bring.ts';
import { changedByOthers, changedSince, pathsIn } from './changedSince.ts';
import { asFarAs, type Change, publishing, takingBack } from './changes.ts';
import type { RemoteContext } from './remoteContext.ts';
import type { RemoteFolder } from './remoteFolder.ts';
import { type RemoteMarker, stagingName } from './remoteMarker.ts';
import { type RemoteRecord, recordOf, writeRecord } from './remoteRecord.ts';
import { lookAt, othersAtWork, type RemoteStanding } from './remoteStanding.ts';
import { remoteSteps } from './remoteSteps.ts';
import { sweep } from './sweep.ts';
import { retrying } from './tries.ts';

/** A publication that stands in a remote folder. */
export interface Stood {
  readonly marker: RemoteMarker;
  readonly record: RemoteRecord;
}

/**
 * Publishes a parcel into a folder; what fails or is called off is taken back. Where the place cannot be reached for
 * that the failure is `offline`: what was begun is then ended by `endPublication`, or by the next one who publishes.
 */
export async function publishInto(
  folder: RemoteFolder,
  parcel: Parcel,
  context: RemoteContext,
): Promise<Outcome<Stood>> {
  const looked = await standingFor(folder, context);
  if (!looked.ok) return looked;
  const standing = looked.value;
  const steps = remoteSteps(parcel, standing);
  if (!steps.ok) return steps;
  const may = await mayDelete(folder, standing, context);
  if (!may.ok) return may;
  const record = await recordOf(parcel, steps.value, standing, folder, context);
  const undo = await writeRecord(record, context);
  const begun: Begun = { folder, context, record, undo, touched: new Set() };
  const errand: Errand = { does: 'publish', undo };
  try {
    const announced = await announce(folder, context, errand, sinceOf(standing));
    if (!announced.ok) throw new TargetFault(announced.failure);
    const change = publishing(parcel, record, undo, context);
    const marker = await carryOut(begun, change, { standing, resumes: false });
    await tidy(folder, context.execution, context.rest, { whole: true }).catch(() => {});
    return good({ marker, record });
  } catch (error) {
    const failure = error instanceof TargetFault ? error.failure : null;
    const left = error instanceof Overtaken ? null : await putBack(begun, failure);
    if (!failure) throw error;
    return bad(left ? leftInItsMiddle(begun, failure, left) : failure);
  }
}

/** A publication under way. */
export interface Begun {
  readonly folder: RemoteFolder;
  readonly context: RemoteContext;
  readonly record: RemoteRecord;
  /** The blob with the record. */
  readonly undo: string;
  /** Paths that were written or taken away, or may have been. */
  readonly touched: Set<string>;
}

/** Sends and commits, and answers the marker; what others changed since the look is not written over. */
export async function carryOut(
  { folder, context, undo, touched }: Begun,
  change: Change,
  { standing, resumes }: { readonly standing: RemoteStanding; readonly resumes: boolean },
): Promise<RemoteMarker> {
  const total = change.put.reduce((sum, { size }) => sum + size, 0);
  const more = { total, resumes, ...sinceOf(standing) };
  const assure = async (paths: readonly string[]) => {
    const changed = await changedSince(folder, paths, standing, context.signal);
    if (changed !== null) throw changedByOthers(folder, changed);
  };
  const begun = { ...workOn(folder, context, { does: 'publish', undo }, more), touched };
  const work = resumes ? begun : { ...begun, assure };
  try {
    await stage(work, change);
    if (!resumes) await assure(pathsIn(change));
    const marker = await commit(work, change);
    if (!marker) throw new Error('A publication lost its mark.');
    return marker;
  } finally {
    await work.signed();
  }
}

/** What stands there once leftovers are cleaned away; `conflict` while another publication is at work. */
async function standingFor(folder: RemoteFolder, context: RemoteContext): Promise<Outcome<RemoteStanding>> {
  const { signal } = context;
  const standing = await retrying(signal, () => lookAt(folder, signal));
  if (othersAtWork(standing, context)) return bad(isAtWork(folder));
  const swept = await sweep(folder, standing, context);
  if (!swept.ok) return swept;
  return good(swept.value ? await retrying(signal, () => lookAt(folder, signal)) : standing);
}

/** Where nothing is renamed, nothing but this shows before the first file that none may be deleted. */
function mayDelete(
  { stages, remove }: RemoteFolder,
  { marker }: RemoteStanding,
  { execution, signal }: RemoteContext,
): Promise<Outcome<void>> {
  return unlessRefused(async () => {
    if (!stages && !marker) await retrying(signal, () => remove(stagingName(execution), signal));
    return good(undefined);
  });
}

/** Puts back what was touched and takes away what was sent; answers the fault where that could not be done. */
async function putBack(begun: Begun, failure: Failure | null): Promise<Failure | null> {
  const { folder, context, record, touched } = begun;
  if (touched.size === 0) {
    await giveUp(begun, failure);
    return null;
  }
  const back = await unlessRefused(async () => {
    // One question shows whether there is any use in trying: nobody is kept waiting for a server that is gone.
    if (failure?.kind === 'offline') await folder.list({ signal: context.rest, top: true });
    await takeBackAtOnce(begun);
    await tidy(folder, context.execution, context.rest);
    await removeFolder(folder, record, context.rest);
    return good(undefined);
  });
  return back.ok ? null : back.failure;
}

/** Takes away what was sent under other names; nothing else was done. Nobody is kept waiting for it long. */
async function giveUp({ folder, context, record }: Begun, failure: Failure | null): Promise<void> {
  const { signal, rest, execution } = context;
  if (signal.aborted || failure?.kind === 'offline') await tidySoon(folder, context);
  else await tidy(folder, execution, rest).catch(() => {});
  const soon = AbortSignal.any([rest, AbortSignal.timeout(longestEnd)]);
  await removeFolder(folder, record, soon).catch(() => {});
}

/** How long it may take to take an empty folder away, in ms. */
const longestEnd = 2_000;

/** Puts back what stood there, as far as it was touched. */
async function takeBackAtOnce({ folder, context, record, undo, touched }: Begun): Promise<void> {
  const { execution, rest } = context;
  const calm = { ...context, signal: rest };
  const standing = await retrying(rest, () => lookAt(folder, rest));
  const whole = asFarAs(takingBack(record, execution), standing.files);
  const change: Change = {
    ...whole,
    put: whole.put.filter(({ path }) => touched.has(path)),
    remove: whole.remove.filter((path) => touched.has(path)),
  };
  const isMarked = standing.marker?.execution === execution;
  const errand: Errand = { does: isMarked ? 'undo' : 'publish', undo };
  // With its mark there the publication would else be taken for whole where this is cut off as well.
  if (isMarked) await writeIntent(folder, calm, errand, { again: true });
  const since = isMarked ? execution : (record.former?.execution ?? null);
  const work = workOn(folder, calm, errand, { since, resumes: false });
  await stage(work, change);
  await commit(work, change);
  await work.signed();
}

async function removeFolder(
  folder: RemoteFolder,
  { existed }: RemoteRecord,
  signal: AbortSignal,
): Promise<void> {
  if (!existed) await folder.removeEmpty([''], signal);
}

/** What is told of a publication that could neither be ended nor taken back. */
function leftInItsMiddle({ folder, context }: Begun, failure: Failure, left: Failure): Failure {
  const { address } = folder;
  if (context.signal.aborted) {
    return {
      ...failures.cancelled(`It was called off, but what stood in ${address} could not be put back at once.`),
      mend: 'Publish there again: what was begun is then taken back first.',
    };
  }
  if (left.kind === 'offline' || left.kind === 'overloaded') {
    return failures.offline(
      `${address} cannot be reached any more, in the middle of a publication: ${failure.what}`,
    );
  }
  return { ...failure, what: `${failure.what} What stood there could not be put back: ${left.what}` };
}
