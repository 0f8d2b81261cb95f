import { failures } from '../../../protocol/failure.ts';
import { someAtOnce } from '../someAtOnce.ts';
import { TargetFault } from '../targetFault.ts';
import { youth } from '../youth.ts';
import { announce, type Errand, type Since, writeIntent } from './announce.ts';
import type { Work } from './bring.ts';
import type { RemoteContext } from './remoteContext.ts';
import type { RemoteFolder } from './remoteFolder.ts';
import { intentName, stagedBy, stagingName } from './remoteMarker.ts';
import { lookAgain } from './remoteStanding.ts';
import { retrying } from './tries.ts';

/** Another publication took the folder over while this one gave no sign of life, as on a machine that slept. */
export class Overtaken extends TargetFault {
  constructor(folder: RemoteFolder) {
    const what = `Another publication took over in ${folder.address} while this one stood still.`;
    super(failures.conflict(what, 'What this one began was taken back there; publish again.'));
  }
}

/** The work of one execution, which shows its progress and gives its intent a sign of life now and then. */
export function workOn(
  folder: RemoteFolder,
  context: RemoteContext,
  errand: Errand,
  { total = 0, resumes, since }: Since & { readonly total?: number; readonly resumes: boolean },
): Work & { signed(): Promise<void> } {
  let done = 0;
  let last = context.now();
  let signing: Promise<void> = Promise.resolve();
  const sign = () => {
    last = context.now();
    const calm = { ...context, signal: context.rest };
    signing = signing.then(() => writeIntent(folder, calm, errand, { again: true })).catch(() => {});
  };
  const quiet = () => context.now() - last;
  return {
    folder,
    context,
    resumes,
    touched: new Set(),
    moved: (bytes, path) => {
      done += bytes;
      if (total > 0) context.progress(Math.min(1, Math.max(0, done / total)), path);
      if (quiet() >= youth / 3 && quiet() < youth) sign();
    },
    hold: async () => {
      if (quiet() < youth / 3) return;
      if (quiet() < youth) return sign();
      last = context.now();
      await signing;
      await holdAgain(folder, context, errand, { since });
    },
    signed: () => signing,
  };
}

/** Takes away what an execution left beside the publication: its intent first, for then it holds nobody off. */
export async function tidy(
  folder: RemoteFolder,
  execution: string,
  signal: AbortSignal,
  { whole = false } = {},
): Promise<void> {
  await retrying(signal, () => folder.remove(intentName(execution), signal));
  if (!folder.stages) return;
  const staged = whole ? [] : await stagedIn(folder, execution, signal);
  await removeStaged(folder, staged, [execution], signal);
}

/** The same where a person waits for the end: what takes long is left to the next publication. */
export async function tidySoon(folder: RemoteFolder, { execution, rest }: RemoteContext): Promise<void> {
  const within = (ms: number) => AbortSignal.any([rest, AbortSignal.timeout(ms)]);
  await folder.remove(intentName(execution), within(5_000)).catch(() => {});
  await tidy(folder, execution, within(500)).catch(() => {});
}

/** Takes staged files away, and the folders of executions in which nothing is left. */
export async function removeStaged(
  folder: Pick<RemoteFolder, 'atOnce' | 'stages' | 'remove' | 'removeEmpty'>,
  paths: readonly string[],
  executions: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  await someAtOnce(paths, folder.atOnce, signal, (path, either) =>
    retrying(either, () => folder.remove(path, either)),
  );
  if (executions.length === 0 || !folder.stages) return;
  await retrying(signal, () => folder.removeEmpty(executions.map(stagingName), signal));
}

/** Goes on where nobody took over meanwhile: what was begun still stands there as ours. */
async function holdAgain(
  folder: RemoteFolder,
  context: RemoteContext,
  errand: Errand,
  since: Since,
): Promise<void> {
  const calm = { ...context, signal: context.rest };
  const { intents } = await retrying(calm.signal, () => lookAgain(folder, calm.signal));
  const isOurs = intents.some(({ intent }) => intent?.execution === context.execution);
  const held = isOurs && (await announce(folder, calm, errand, { ...since, isBegun: true })).ok;
  if (!held) throw new Overtaken(folder);
}

async function stagedIn(folder: RemoteFolder, execution: string, signal: AbortSignal): Promise<string[]> {
  const listing = await retrying(signal, () => folder.list({ signal }));
  return (listing?.files ?? []).map(({ path }) => path).filter((path) => stagedBy(path) === execution);
}
