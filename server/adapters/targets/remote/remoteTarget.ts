import type { Credential, Parcel, Published, Target, TargetContext } from '../../../core/ports/target.ts';
import { firstFile } from '../../../protocol/deliverable.ts';
import { bad, failures, fromIssues, good, type Outcome } from '../../../protocol/failure.ts';
import { digestOf } from '../../tools/files/look.ts';
import { faultInNames } from '../parcelNames.ts';
import { soonAfter } from '../soonAfter.ts';
import { calledOff, unlessRefused } from '../targetFault.ts';
import { undoesOf } from '../undoes.ts';
import { endPublication } from './endPublication.ts';
import { publishInto, type Stood } from './publishing.ts';
import { checkFolder } from './remoteCheck.ts';
import type { RemoteContext } from './remoteContext.ts';
import type { RemoteFolder } from './remoteFolder.ts';
import type { RemoteKind } from './remoteKind.ts';
import { planIn } from './remotePlan.ts';
import { RemoteUndo } from './remoteRecord.ts';
import { takeBackFrom } from './takeBack.ts';
import { orCalledOff } from './tries.ts';

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
        : inFolder(kind, chosen, context, (folder, work) => planIn(kind, folder, parcel, chosen, work));
    },
    publish: async (parcel, chosen, context) => {
      const fault = faultInNames(parcel);
      if (fault) return bad(fault);
      if (context.signal.aborted) return bad(failures.cancelled('Nothing was published.'));
      return inFolder(kind, chosen, context, async (folder, work) => {
        const stood = await publishInto(folder, parcel, work);
        return stood.ok ? good(publishedOf(kind, folder, parcel, chosen, stood.value)) : stood;
      });
    },
    reconcile: async (parcel, chosen, context) => {
      const found = await inFolder(kind, chosen, context, async (folder, work) => {
        const stood = await endPublication(folder, parcel, work);
        return good(stood && publishedOf(kind, folder, parcel, chosen, stood));
      });
      if (found.ok) return found.value;
      throw new Error(found.failure.what);
    },
    unpublish: async (given, context) => {
      const undo = RemoteUndo.parse(given);
      const chosen = config.safeParse(undo.config);
      if (!chosen.success) return bad(fromIssues(chosen.error, 'target.config'));
      return inFolder(kind, chosen.data, context, (folder, work) => takeBackFrom(folder, undo, work));
    },
  };
}

/** How long a person who called it off waits for what stood there to come back, in ms; after that the intent says what to do. */
const longestRest = 8_000;

/** Opens the folder with what is kept of the account, and closes it when the work is done; nothing is asked before. */
async function inFolder<C, T>(
  kind: RemoteKind<C>,
  chosen: C,
  context: TargetContext,
  work: (folder: RemoteFolder, context: RemoteContext) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const { credential, signal, workspace } = context;
  const account = kind.account(chosen);
  const known: Credential | null = await credential(account.id);
  if (!known) return bad(failures.noAccount(account.title));
  const opened = await unlessRefused(() => kind.place.open(chosen, known, signal, workspace));
  if (!opened.ok) return signal.aborted ? bad(calledOff().failure) : opened;
  const folder = opened.value;
  using rest = soonAfter(signal, longestRest);
  try {
    return await unlessRefused(() => work(folder, { ...context, rest: rest.signal }));
  } finally {
    // Closing may ask the server to end what was begun there: nobody waits for that longer than for all the rest.
    await orCalledOff(rest.signal, folder.close()).catch(() => {});
  }
}

function publishedOf<C>(
  { name, place }: RemoteKind<C>,
  folder: RemoteFolder,
  parcel: Parcel,
  chosen: C,
  { marker, record }: Stood,
): Published {
  const entry = firstFile(parcel.files)?.path;
  const url = entry === undefined ? null : folder.url(entry);
  const { execution, time, undo } = marker;
  return {
    publication: {
      execution,
      target: name,
      location: folder.url('') ?? folder.address,
      ...(entry === undefined ? {} : { entry }),
      ...(url === null ? {} : { url }),
      version: digestOf(JSON.stringify(marker)),
      visibility: place.visibility(chosen),
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
