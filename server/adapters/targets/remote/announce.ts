import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { writeText } from './bring.ts';
import type { RemoteContext } from './remoteContext.ts';
import type { RemoteFolder } from './remoteFolder.ts';
import { type Intent, intentAbout, intentName, stagedOwn } from './remoteMarker.ts';
import { lookAgain, othersAtWork, type RemoteStanding, type StandingIntent } from './remoteStanding.ts';
import { retrying } from './tries.ts';

/** What an execution is about to do. */
export type Errand = Pick<Intent, 'does' | 'undo'>;

/** Whose publication stands there while that is done. */
export interface Since {
  readonly since: string | null;
}

/** Whose publication stands there. */
export function sinceOf({ marker }: Pick<RemoteStanding, 'marker'>): Since {
  return { since: marker?.execution ?? null };
}

/**
 * Says in the folder what is about to happen, or that what was begun goes on; `conflict` where another one says so
 * too, or was quicker. Answers the intents that stand there then.
 */
export async function announce(
  folder: RemoteFolder,
  context: RemoteContext,
  errand: Errand,
  { since, isBegun = false }: Since & { readonly isBegun?: boolean },
): Promise<Outcome<readonly StandingIntent[]>> {
  const { execution, signal, rest } = context;
  await writeIntent(folder, context, errand, { again: isBegun });
  const again = await retrying(signal, () => lookAgain(folder, signal));
  const same = (again.marker?.execution ?? null) === since;
  const isSeen = again.intents.some((one) => one.intent?.execution === execution);
  const other = othersAtWork(again, context);
  if (same && isSeen && !other) return good(again.intents);
  // What was begun must be found until it is ended: one that sweeps takes our intent away when that is done.
  const stays = isBegun && same && (!other || other.intent?.does === 'sweep');
  if (!stays) await retrying(rest, () => folder.remove(intentName(execution), rest));
  return bad(isAtWork(folder));
}

/**
 * Says in the folder what happens there, so that a process after this one can end it. Once that has begun, what is said
 * `again` takes the place of what stood by one rename where the place has such: a half-written word would end nothing.
 */
export async function writeIntent(
  folder: RemoteFolder,
  { execution, now, signal }: Pick<RemoteContext, 'execution' | 'now' | 'signal'>,
  { does, undo }: Errand,
  { again }: { readonly again: boolean },
): Promise<void> {
  const intent: Intent = { about: intentAbout, execution, does, time: now(), undo };
  const staged = again && folder.stages ? { staged: stagedOwn(execution, 'intent') } : {};
  const text = `${JSON.stringify(intent)}\n`;
  await writeText(folder, { path: intentName(execution), text, ...staged }, signal);
}

/** The failure of one who came second. */
export function isAtWork(folder: RemoteFolder) {
  return failures.conflict(
    `Another publication is at work in ${folder.address}, or was cut off there a moment ago.`,
    'Try again when it is done; one that was cut off holds others off for ten minutes.',
  );
}
