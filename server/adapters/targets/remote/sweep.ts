import { type Failure, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { TargetFault } from '../targetFault.ts';
import { announce, sinceOf } from './announce.ts';
import { removeStaged, workOn } from './atWork.ts';
import { commit, stage } from './bring.ts';
import { changedByOthers, changedSince, pathsIn } from './changedSince.ts';
import { asFarAs, takingBack } from './changes.ts';
import type { RemoteContext } from './remoteContext.ts';
import type { RemoteFolder } from './remoteFolder.ts';
import { intentName, stagedBy } from './remoteMarker.ts';
import { isWhole, type RemoteRecord, readRecord } from './remoteRecord.ts';
import { isAlive, type RemoteStanding, type StandingIntent, standsFrom } from './remoteStanding.ts';
import { folderInTheWay } from './takeBackFaults.ts';
import { retrying } from './tries.ts';

/** What an execution left that died long ago. */
export interface Dead {
  readonly one: StandingIntent;
  /** What takes it back; `null` where it changed nothing that still stands, or the store knows it no more. */
  readonly record: RemoteRecord | null;
  /** Whether it may stay in its middle, as the store knows it no more. */
  readonly isLost: boolean;
}

/** The executions that died in the middle of a change in the folder. */
export async function deadIn(
  folder: RemoteFolder,
  standing: RemoteStanding,
  context: RemoteContext,
): Promise<Dead[]> {
  const found: Dead[] = [];
  for (const one of standing.intents) {
    if (one.execution === context.execution || isAlive(one, standing, context)) continue;
    const { intent, execution } = one;
    if (!intent || intent.does === 'sweep') found.push({ one, record: null, isLost: false });
    else {
      const record = await readRecord(intent.undo, { execution, folder }, context);
      const isKnown = record !== null && (await isWhole(record, context));
      const begunFrom = intent.does === 'publish' ? record?.former?.execution : execution;
      const isOver = record !== null && !standsFrom(standing, begunFrom, execution);
      found.push({ one, record: isKnown && !isOver ? record : null, isLost: !isKnown && !isOver });
    }
  }
  return found;
}

/** What keeps a publication that was cut off from being taken back; `null` where nothing does. */
export function blockedBy(
  folder: RemoteFolder,
  standing: RemoteStanding,
  record: RemoteRecord,
): Failure | null {
  const blocked = folderInTheWay(standing, record);
  if (blocked === null) return null;
  const what = `What was cut off in ${folder.address} cannot be taken back: "${blocked}" is a folder with files of others now.`;
  return failures.conflict(what, 'Move that folder away, then publish again.');
}

/**
 * Cleans what executions left that died long ago: one in the middle is taken back where the store still knows how.
 * It says so in the folder first, so that nobody else does the same. Answers whether anything was.
 */
export async function sweep(
  folder: RemoteFolder,
  standing: RemoteStanding,
  context: RemoteContext,
): Promise<Outcome<boolean>> {
  const { execution, rest } = context;
  const dead = await deadIn(folder, standing, context);
  const alive = standing.intents.filter((one) => isAlive(one, standing, context));
  const owners = new Set(alive.map((one) => one.execution));
  const orphans = standing.staged.map(({ path }) => path).filter((path) => !owners.has(stagedBy(path) ?? ''));
  if (dead.length + orphans.length === 0) return good(false);
  const announced = await announce(folder, context, { does: 'sweep', undo: null }, sinceOf(standing));
  if (!announced.ok) return announced;
  try {
    const still = new Set(announced.value.map(({ path }) => path));
    const isStill = ({ one: { path } }: Dead) => still.has(path) || stagedBy(path) !== null;
    for (const { one, record } of dead.filter(isStill)) {
      if (record) await settle(folder, one, record, standing, context);
      await retrying(rest, () => folder.remove(one.path, rest));
    }
    const left = [...dead.map(({ one }) => one.execution), ...orphans.map((path) => stagedBy(path) ?? '')];
    await removeStaged(folder, orphans, [...new Set(left)], rest);
  } finally {
    await folder.remove(intentName(execution), rest).catch(() => {});
  }
  return good(true);
}

/** Takes back what an execution did that died in the middle; a taking back is ended. */
async function settle(
  folder: RemoteFolder,
  { execution }: StandingIntent,
  record: RemoteRecord,
  standing: RemoteStanding,
  context: RemoteContext,
): Promise<void> {
  const failure = blockedBy(folder, standing, record);
  if (failure) throw new TargetFault(failure);
  const change = asFarAs(takingBack(record, execution), standing.files);
  const calm = { ...context, signal: context.rest };
  const work = workOn(folder, calm, { does: 'sweep', undo: null }, { ...sinceOf(standing), resumes: true });
  await stage(work, change);
  const touched = await changedSince(folder, pathsIn(change), standing, calm.signal);
  if (touched !== null) throw changedByOthers(folder, touched);
  await commit(work, change);
  await work.signed();
}
