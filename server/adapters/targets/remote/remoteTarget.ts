import type { Credential, Parcel, Published, Target, TargetContext } from '../../../core/ports/target.ts';
import { bad, failures, fromIssues, good, type Outcome } from '../../../protocol/failure.ts';
import { digestOf } from '../../tools/files/look.ts';
import { isAtWork } from './atWork.ts';
import { undoesOf } from './changes.ts';
import { faultInNames } from './parcelNames.ts';
import { endPublication, publishInto, type Stood } from './publishing.ts';
import { checkFolder } from './remoteCheck.ts';
import { calledOff, unlessRefused } from './remoteFault.ts';
import type { RemoteFolder } from './remoteFolder.ts';
import type { RemoteKind } from './remoteKind.ts';
import { RemoteUndo } from './remoteRecord.ts';
import { lookAt, othersAtWork } from './remoteStanding.ts';
import { overwritten, remoteSteps } from './remoteSteps.ts';
import { takeBackFrom } from './takeBack.ts';
import { retrying } from './tries.ts';

/** A target that publishes into a folder elsewhere: all of publishing but the wire. */
export function remoteTarget<C>(kind: RemoteKind<C>): Target<C> {
  const { name, title, about, config } = kind;
  return {
    name,
    title,
    about,
    config,
    account: (chosen) => kind.account(chosen),
    check: (chosen, context) => checkFolder(kind, chosen, context),
    plan: async (parcel, chosen, context) => {
      const fault = faultInNames(parcel);
      return fault
        ? bad(fault)
        : inFolder(kind, chosen, context, (folder) => planIn(kind, folder, parcel, chosen, context));
    },
    publish: async (parcel, chosen, context) => {
      const fault = faultInNames(parcel);
      if (fault) return bad(fault);
      if (context.signal.aborted) return bad(failures.cancelled('Nothing was published.'));
      return inFolder(kind, chosen, context, async (folder) => {
        const stood = await publishInto(folder, parcel, context);
        return stood.ok ? good(publishedOf(kind, folder, parcel, chosen, stood.value)) : stood;
      });
    },
    reconcile: async (parcel, chosen, context) => {
      const found = await inFolder(kind, chosen, context, async (folder) => {
        const stood = await endPublication(folder, parcel, context);
        return good(stood && publishedOf(kind, folder, parcel, chosen, stood));
      });
      if (found.ok) return found.value;
      throw new Error(found.failure.what);
    },
    unpublish: async (given, context) => {
      const undo = RemoteUndo.parse(given);
      const chosen = config.safeParse(undo.config);
      if (!chosen.success) return bad(fromIssues(chosen.error, 'target.config'));
      return inFolder(kind, chosen.data, context, (folder) => takeBackFrom(folder, undo, context));
    },
  };
}

async function planIn<C>(
  { name, place }: RemoteKind<C>,
  folder: RemoteFolder,
  parcel: Parcel,
  chosen: C,
  context: TargetContext,
): ReturnType<Target<C>['plan']> {
  const standing = await retrying(context.signal, () => lookAt(folder, context.signal));
  if (othersAtWork(standing, context)) return bad(isAtWork(folder));
  const steps = remoteSteps(parcel, standing);
  if (!steps.ok) return steps;
  const { address } = folder;
  const changes = steps.value.map(({ shown }) => shown.change);
  const kept = changes.filter((change) => change === 'update' || change === 'delete').length;
  const foreign = overwritten(steps.value, standing);
  const notes = [...(place.notes?.(chosen) ?? []), ...foreignNote(foreign)];
  const visibility = place.visibility?.(chosen);
  return good({
    address,
    effect: {
      kind: 'publish',
      target: name,
      address,
      path: address,
      shown: address,
      place: 'outside',
      reversible: true,
    },
    preview: {
      kind: 'files',
      address,
      files: steps.value.map(({ shown }) => shown),
      ...(visibility ? { visibility } : {}),
      undoes: undoesOf(changes.filter((change) => change === 'create').length, kept),
      ...(notes.length > 0 ? { notes } : {}),
    },
    exactly: {
      address,
      stands: digestOf(
        JSON.stringify(steps.value.map(({ shown, stands }) => [shown, stands?.size, stands?.stamp])),
      ),
      since: standing.marker?.execution ?? null,
    },
  });
}

/** Opens the folder with what is kept of the account, and closes it when the work is done; nothing is asked before. */
async function inFolder<C, T>(
  kind: RemoteKind<C>,
  chosen: C,
  { credential, signal, workspace }: TargetContext,
  work: (folder: RemoteFolder) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const account = kind.account(chosen);
  const known: Credential | null = await credential(account.id);
  if (!known) return bad(failures.noAccount(account.title));
  const opened = await unlessRefused(() => kind.place.open(chosen, known, signal, workspace));
  if (!opened.ok) return signal.aborted ? bad(calledOff().failure) : opened;
  const folder = opened.value;
  try {
    return await unlessRefused(() => work(folder));
  } finally {
    await folder.close().catch(() => {});
  }
}

function publishedOf<C>(
  { name, place }: RemoteKind<C>,
  folder: RemoteFolder,
  parcel: Parcel,
  chosen: C,
  { marker, record }: Stood,
): Published {
  const paths = parcel.files.map(({ path }) => path);
  const entry = paths.find((path) => path === 'index.html') ?? paths[0];
  const visibility = place.visibility?.(chosen);
  const { execution, time, undo } = marker;
  return {
    publication: {
      execution,
      target: name,
      location: folder.url('') ?? folder.address,
      ...(entry === undefined ? {} : { entry }),
      ...(visibility ? { visibility } : {}),
      undoes: undoesOf(record.put.length - countOf(record), record.kept.length),
      time,
    },
    undo: { execution, config: JSON.parse(JSON.stringify(chosen)), undo },
  };
}

function countOf({ put, kept }: Stood['record']): number {
  const before = new Set(kept.map(({ path }) => path));
  return put.filter(({ path }) => before.has(path)).length;
}

function foreignNote(paths: readonly string[]): string[] {
  const [first] = paths;
  if (first === undefined) return [];
  const rest = paths.length > 1 ? ` and ${paths.length - 1} more` : '';
  return [`"${first}"${rest} there was put or changed by others, and is written over; it is kept for undo.`];
}
