import type { TargetContext } from '../../../core/ports/target.ts';
import { failures } from '../../../protocol/failure.ts';
import { markerName } from '../marker.ts';
import { TargetFault } from '../targetFault.ts';
import { youth } from '../youth.ts';
import { tooMuch } from './gathering.ts';
import type { RemoteFile, RemoteFolder, RemoteListing } from './remoteFolder.ts';
import {
  Intent,
  intentName,
  intentOf,
  isReserved,
  type MarkedFile,
  RemoteMarker,
  stagedBy,
  stagedOwn,
} from './remoteMarker.ts';

/** A publication or its taking back that is at work in the folder, or was left there; `null` where it cannot be read. */
export interface StandingIntent {
  readonly path: string;
  readonly execution: string;
  readonly intent: Intent | null;
}

/** What stands in a remote folder: what is published there and what is of others, our own traces apart. */
export interface RemoteStanding {
  readonly exists: boolean;
  readonly files: ReadonlyMap<string, RemoteFile>;
  readonly folders: ReadonlySet<string>;
  readonly others: ReadonlySet<string>;
  readonly marker: RemoteMarker | null;
  /** Whether there is a marker that nobody can read, or something else in its place. */
  readonly obscure: boolean;
  /** What the marker says of each file. */
  readonly ours: ReadonlyMap<string, MarkedFile>;
  readonly intents: readonly StandingIntent[];
  readonly staged: readonly RemoteFile[];
}

/** Looks at everything that stands in a folder. */
export async function lookAt(folder: RemoteFolder, signal: AbortSignal): Promise<RemoteStanding> {
  const listing = await folder.list({ signal });
  if (listing && listing.files.length > mostFiles) {
    const what = `${folder.address} holds more than ${mostFiles} files.`;
    throw new TargetFault(
      failures.invalid('target.config', what, 'Choose a folder for the publication alone.'),
    );
  }
  const all = listing ?? { files: [], folders: [], others: [] };
  const marker = await markerIn(folder, all, signal);
  return {
    exists: listing !== null,
    files: new Map(all.files.filter(({ path }) => !isReserved(path)).map((file) => [file.path, file])),
    folders: new Set(all.folders.filter((path) => !isReserved(path))),
    others: new Set(all.others),
    marker,
    obscure: marker === null && namesOf(all).includes(markerName),
    ours: new Map((marker?.files ?? []).map((file) => [file[0], file])),
    intents: await intentsIn(folder, all, signal),
    staged: all.files.filter(({ path }) => stagedBy(path) !== null),
  };
}

/** The marker and the intents as they are at this moment. */
export async function lookAgain(
  folder: RemoteFolder,
  signal: AbortSignal,
): Promise<Pick<RemoteStanding, 'marker' | 'intents'>> {
  const listing = await folder.list({ signal, top: true });
  if (!listing) return { marker: null, intents: [] };
  return {
    marker: await markerIn(folder, listing, signal),
    intents: await intentsIn(folder, listing, signal),
  };
}

/** Whether a file stands as the marker says. */
export function isAsPublished(standing: RemoteStanding, path: string): boolean {
  const marked = standing.ours.get(path);
  const file = standing.files.get(path);
  return marked !== undefined && file !== undefined && file.size === marked[2] && file.stamp === marked[3];
}

/**
 * Whether that publication stands there from which an execution began; some servers take its mark away before they give
 * its name to the new one, which then still waits.
 */
export function standsFrom(
  { marker, obscure, staged }: RemoteStanding,
  former: string | undefined,
  execution: string,
): boolean {
  if (marker?.execution === former) return true;
  return marker === null && !obscure && staged.some(({ path }) => path === stagedOwn(execution, 'marker'));
}

/** What another execution does there at this moment; what was left there long ago does not count. */
export function othersAtWork(
  standing: Pick<RemoteStanding, 'intents' | 'marker'>,
  context: TargetContext,
): StandingIntent | undefined {
  return standing.intents.find(
    (one) => one.execution !== context.execution && isAlive(one, standing, context),
  );
}

/** Whether an intent is of now, and what it wants is not done yet: the marker is the last step. */
export function isAlive(
  { intent }: StandingIntent,
  { marker }: Pick<RemoteStanding, 'marker'>,
  context: TargetContext,
): boolean {
  if (!intent || Math.abs(context.now() - intent.time) >= youth) return false;
  if (intent.does === 'sweep') return true;
  return (intent.does === 'publish') !== (marker?.execution === intent.execution);
}

const mostFiles = 200_000;
/** More were never left by publications that died. */
const mostIntents = 1000;
const largestMarker = 64 * 1024 * 1024;
const largestIntent = 64 * 1024;

/** The whole of a small file there as text; `null` where there is none or it is too large. */
export async function textOf(
  folder: RemoteFolder,
  path: string,
  most: number,
  signal: AbortSignal,
): Promise<string | null> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    const bytes = await folder.read(path, signal);
    if (!bytes) return null;
    for await (const piece of bytes) {
      size += piece.length;
      if (size > most) return null;
      pieces.push(piece);
    }
  } catch (error) {
    if (error instanceof TargetFault && error.failure.kind === 'notFound') return null;
    throw error;
  }
  return Buffer.concat(pieces).toString('utf8');
}

async function markerIn(
  folder: RemoteFolder,
  listing: RemoteListing,
  signal: AbortSignal,
): Promise<RemoteMarker | null> {
  const file = listing.files.find(({ path }) => path === markerName);
  if (!file || file.size > largestMarker) return null;
  const text = await textOf(folder, markerName, largestMarker, signal);
  return RemoteMarker.safeParse(parsed(text)).data ?? null;
}

async function intentsIn(
  folder: RemoteFolder,
  { files }: RemoteListing,
  signal: AbortSignal,
): Promise<StandingIntent[]> {
  const found: StandingIntent[] = [];
  const names = new Set(files.flatMap(({ path }) => (intentOf(path) === null ? [] : [path])));
  if (names.size > mostIntents) throw tooMuch();
  for (const path of names) {
    const execution = intentOf(path) ?? '';
    // What is on its way counts where a server took the old one away to make room for it.
    if (path !== intentName(execution) && names.has(intentName(execution))) continue;
    const text = await textOf(folder, path, largestIntent, signal);
    if (text === null) continue;
    const intent = Intent.safeParse(parsed(text)).data ?? null;
    found.push({ path, execution, intent: intent?.execution === execution ? intent : null });
  }
  return found;
}

function namesOf({ files, folders, others }: RemoteListing): string[] {
  return [...files.map(({ path }) => path), ...folders, ...others];
}

/** JSON that somebody else wrote; `null` where it is none. */
export function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
