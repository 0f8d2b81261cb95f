import { setTimeout as sleep } from 'node:timers/promises';
import type { TargetContext } from '../../../core/ports/target.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { commit, stage, type Work, writeText } from './bring.ts';
import { takingBack } from './changes.ts';
import { RemoteFault, unlessRefused } from './remoteFault.ts';
import type { RemoteFolder } from './remoteFolder.ts';
import { type Intent, intentAbout, intentName, stagedBy, stagingName } from './remoteMarker.ts';
import { readRecord } from './remoteRecord.ts';
import {
  isAlive,
  lookAgain,
  othersAtWork,
  type RemoteStanding,
  type StandingIntent,
  youth,
} from './remoteStanding.ts';
import { retrying } from './tries.ts';

/** Says in the folder what is about to happen; `conflict` where another one says so too, or was quicker. */
export async function announce(
  folder: RemoteFolder,
  context: TargetContext,
  intent: Pick<Intent, 'does' | 'undo'>,
  standing: RemoteStanding,
): Promise<Outcome<void>> {
  await writeIntent(folder, context, intent);
  const again = await retrying(context.signal, () => lookAgain(folder, context.signal));
  const same = again.marker?.execution === standing.marker?.execution;
  const isSeen = again.intents.some((one) => one.intent?.execution === context.execution);
  if (same && isSeen && !othersAtWork(again, context)) return good(undefined);
  await retrying(quiet(), () => folder.remove(intentName(context.execution)));
  return bad(isAtWork(folder));
}

/** Says in the folder what happens there, so that a process after this one can end it. */
export async function writeIntent(
  folder: RemoteFolder,
  { execution, now, signal }: TargetContext,
  { does, undo }: Pick<Intent, 'does' | 'undo'>,
): Promise<void> {
  const intent: Intent = { about: intentAbout, execution, does, time: now(), undo };
  await writeText(folder, { path: intentName(execution), text: `${JSON.stringify(intent)}\n` }, signal);
}

/** The work of one execution, which shows its progress and gives its intent a sign of life now and then. */
export function workOn(
  folder: RemoteFolder,
  context: TargetContext,
  intent: Pick<Intent, 'does' | 'undo'>,
  { total, resumes }: { readonly total: number; readonly resumes: boolean },
): Work & { rest(): Promise<void> } {
  let done = 0;
  let last = context.now();
  let sign: Promise<void> = Promise.resolve();
  return {
    folder,
    context,
    resumes,
    touched: new Set(),
    moved: (bytes, path) => {
      done += bytes;
      context.progress(total === 0 ? 1 : Math.min(1, Math.max(0, done / total)), path);
      if (context.now() - last < youth / 3) return;
      last = context.now();
      sign = sign.then(() => writeIntent(folder, context, intent)).catch(() => {});
    },
    rest: () => sign,
  };
}

/** Takes away what an execution left beside the publication: its intent first, for then it holds nobody off. */
export async function tidy(
  folder: RemoteFolder,
  execution: string,
  whole: boolean,
  signal: AbortSignal = quiet(),
): Promise<void> {
  await retrying(signal, () => folder.remove(intentName(execution)));
  if (!folder.stages) return;
  const staged = whole ? [] : await stagedIn(folder, execution, signal);
  await removeStaged(folder, staged, [execution], signal);
}

/** The same where a person waits for the end: what takes long is left to the next publication. */
export async function tidySoon(folder: RemoteFolder, execution: string): Promise<void> {
  const over = new AbortController();
  const limited = <T>(ms: number, work: Promise<T>) => Promise.race([work.catch(() => {}), sleep(ms)]);
  await limited(5_000, folder.remove(intentName(execution)));
  await limited(500, tidy(folder, execution, false, over.signal));
  over.abort();
}

/**
 * Cleans what executions left that died long ago: one in the middle is taken back where the store still knows
 * how. Answers whether anything was.
 */
export async function sweep(
  folder: RemoteFolder,
  standing: RemoteStanding,
  context: TargetContext,
): Promise<boolean> {
  const stale = standing.intents.filter(
    (one) => one.execution !== context.execution && !isAlive(one, standing, context),
  );
  const alive = new Set(
    standing.intents.filter((one) => isAlive(one, standing, context)).map((one) => one.execution),
  );
  for (const one of stale) {
    const settled = await unlessRefused(() => settle(folder, one, standing, context));
    if (!settled.ok && settled.failure.kind !== 'tool') throw new RemoteFault(settled.failure);
    await retrying(quiet(), () => folder.remove(one.path));
  }
  const orphans = standing.staged.map(({ path }) => path).filter((path) => !alive.has(stagedBy(path) ?? ''));
  await removeStaged(folder, orphans, [...new Set(orphans.map((path) => stagedBy(path) ?? ''))]);
  return stale.length > 0;
}

/** The failure of one who came second. */
export function isAtWork(folder: RemoteFolder) {
  return failures.conflict(
    `Another publication is at work in ${folder.address}, or was cut off there a moment ago.`,
    'Try again when it is done; one that was cut off holds others off for ten minutes.',
  );
}

/** A signal for what goes on although the person called the work off. */
export function quiet(): AbortSignal {
  return new AbortController().signal;
}

/** Takes back what a publication that died in the middle did, as far as the store knows how; a taking back is ended. */
async function settle(
  folder: RemoteFolder,
  { intent }: StandingIntent,
  { marker }: RemoteStanding,
  context: TargetContext,
): Promise<Outcome<void>> {
  const record = intent && (await readRecord(intent.undo, context));
  if (!intent || !record) return good(undefined);
  const begunFrom = intent.does === 'publish' ? record.former?.execution : intent.execution;
  if (marker?.execution !== begunFrom) return good(undefined);
  const change = takingBack(record, intent.execution);
  const work: Work = { folder, context, resumes: true, touched: new Set(), moved: () => {} };
  await stage(work, change);
  await commit(work, change);
  return good(undefined);
}

async function stagedIn(folder: RemoteFolder, execution: string, signal: AbortSignal): Promise<string[]> {
  const listing = await retrying(signal, () => folder.list({ signal }));
  return (listing?.files ?? []).map(({ path }) => path).filter((path) => stagedBy(path) === execution);
}

async function removeStaged(
  folder: RemoteFolder,
  paths: readonly string[],
  executions: readonly string[],
  signal: AbortSignal = quiet(),
): Promise<void> {
  for (const path of paths) await retrying(signal, () => folder.remove(path));
  if (executions.length > 0) await retrying(signal, () => folder.removeEmpty(executions.map(stagingName)));
}
