import { setTimeout as sleep } from 'node:timers/promises';
import type { Parcel, TargetContext } from '../../../core/ports/target.ts';
import { bad, type Failure, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { announce, isAtWork, quiet, sweep, tidy, tidySoon, workOn } from './atWork.ts';
import { type Change, commit, stage } from './bring.ts';
import { publishing, takingBack } from './changes.ts';
import { unlessRefused } from './remoteFault.ts';
import type { RemoteFolder } from './remoteFolder.ts';
import type { RemoteMarker } from './remoteMarker.ts';
import { type RemoteRecord, readRecord, recordOf, writeRecord } from './remoteRecord.ts';
import { lookAt, othersAtWork, type RemoteStanding } from './remoteStanding.ts';
import { remoteSteps } from './remoteSteps.ts';
import { retrying } from './tries.ts';

/** A publication that stands in a remote folder. */
export interface Stood {
  readonly marker: RemoteMarker;
  readonly record: RemoteRecord;
}

/** Publishes a parcel into a folder; what fails or is called off is taken back as far as the place can be reached. */
export async function publishInto(
  folder: RemoteFolder,
  parcel: Parcel,
  context: TargetContext,
): Promise<Outcome<Stood>> {
  const standing = await standingFor(folder, context);
  if (!standing.ok) return standing;
  const steps = remoteSteps(parcel, standing.value);
  if (!steps.ok) return steps;
  const record = await recordOf(parcel, steps.value, standing.value, folder, context);
  const undo = await writeRecord(record, context);
  const announced = await begun(folder, context, record, () =>
    announce(folder, context, { does: 'publish', undo }, standing.value),
  );
  if (!announced.ok) return announced;
  const state = { touched: new Set<string>() };
  const published = await unlessRefused(async () => {
    const marker = await carryOut(folder, publishing(parcel, record, undo, context), context, undo, state);
    return marker ? good({ marker, record }) : bad(failures.internal('A publication lost its mark.'));
  });
  if (published.ok) await tidy(folder, context.execution, true).catch(() => {});
  else if (state.touched.size > 0) {
    const taken = takeBackAtOnce(folder, record, context, state.touched);
    await (context.signal.aborted ? Promise.race([taken, sleep(longestRest, null, { ref: false })]) : taken);
  } else await giveUp(folder, record, context, published.failure);
  return published;
}

/** How long a person who called it off waits for what stood there to come back, in ms; after that the intent says what to do. */
const longestRest = 8_000;

/** Ends a publication of this execution that died in the middle; `null` when nothing of it stands there. */
export async function endPublication(
  folder: RemoteFolder,
  parcel: Parcel,
  context: TargetContext,
): Promise<Stood | null> {
  const standing = await retrying(context.signal, () => lookAt(folder, context.signal));
  const { execution } = context;
  const own = standing.intents.find((one) => one.execution === execution);
  const isLeft = own !== undefined || standing.staged.some(({ path }) => path.includes(`-${execution}/`));
  if (standing.marker?.execution === execution) {
    const record = await readRecord(standing.marker.undo, context);
    if (isLeft && own?.intent?.does !== 'undo') await tidy(folder, execution, false);
    return record && { marker: standing.marker, record };
  }
  const undo = own?.intent?.does === 'publish' ? own.intent.undo : null;
  const record = undo === null ? null : await readRecord(undo, context);
  if (undo !== null && record && record.former?.execution === standing.marker?.execution) {
    const marker = await carryOut(folder, publishing(parcel, record, undo, context), context, undo);
    await tidy(folder, execution, false);
    return marker && { marker, record };
  }
  if (isLeft) await tidy(folder, execution, false);
  return null;
}

/** What stands there once leftovers are cleaned away; `conflict` while another publication is at work. */
async function standingFor(folder: RemoteFolder, context: TargetContext): Promise<Outcome<RemoteStanding>> {
  const { signal } = context;
  const standing = await retrying(signal, () => lookAt(folder, signal));
  if (othersAtWork(standing, context)) return bad(isAtWork(folder));
  const swept = await sweep(folder, standing, context);
  return good(swept ? await retrying(signal, () => lookAt(folder, signal)) : standing);
}

/** Announces; where that fails half-way, nothing of it stays. */
async function begun(
  folder: RemoteFolder,
  context: TargetContext,
  record: RemoteRecord,
  announcing: () => Promise<Outcome<void>>,
): Promise<Outcome<void>> {
  const outcome = await unlessRefused(announcing);
  if (!outcome.ok) await giveUp(folder, record, context, outcome.failure);
  return outcome;
}

async function carryOut(
  folder: RemoteFolder,
  change: Change,
  context: TargetContext,
  undo: string,
  fresh?: { readonly touched: Set<string> },
): Promise<RemoteMarker | null> {
  const total = change.put.reduce((sum, { size }) => sum + size, 0);
  const work = workOn(folder, context, { does: 'publish', undo }, { total, resumes: !fresh });
  const { touched } = fresh ?? work;
  try {
    await stage(work, change);
    return await commit({ ...work, touched }, change);
  } finally {
    await work.rest();
  }
}

/** Takes away what was sent under other names; nothing else was done. Nobody is kept waiting for it long. */
async function giveUp(
  folder: RemoteFolder,
  record: RemoteRecord,
  { execution, signal }: TargetContext,
  { kind }: Failure,
): Promise<void> {
  const isHurried = signal.aborted || kind === 'offline';
  const tidied = isHurried ? tidySoon(folder, execution) : tidy(folder, execution, false);
  await tidied.then(() => removeFolder(folder, record)).catch(() => {});
}

/** Puts back what stood there, as far as it was touched; where that cannot be reached the intent stays and says so to the next one. */
async function takeBackAtOnce(
  folder: RemoteFolder,
  record: RemoteRecord,
  context: TargetContext,
  touched: ReadonlySet<string>,
): Promise<void> {
  const whole = takingBack(record, context.execution);
  const change: Change = {
    ...whole,
    put: whole.put.filter(({ path }) => touched.has(path)),
    remove: whole.remove.filter((path) => touched.has(path)),
  };
  const calm = { ...context, signal: quiet() };
  const work = { folder, context: calm, resumes: false, touched: new Set<string>(), moved: () => {} };
  await unlessRefused(async () => {
    await stage(work, change);
    await commit(work, change);
    await tidy(folder, context.execution, false);
    await removeFolder(folder, record);
    return good(undefined);
  });
}

async function removeFolder(folder: RemoteFolder, { existed }: RemoteRecord): Promise<void> {
  if (!existed) await folder.removeEmpty(['']);
}
