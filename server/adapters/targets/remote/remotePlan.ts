import type { Parcel, Target } from '../../../core/ports/target.ts';
import { bad, good } from '../../../protocol/failure.ts';
import { digestOf } from '../../tools/files/look.ts';
import { publishesAt } from '../publishesAt.ts';
import { filesOf, undoesOf } from '../undoes.ts';
import { isAtWork } from './announce.ts';
import { createdBy } from './changes.ts';
import type { RemoteContext } from './remoteContext.ts';
import type { RemoteFile, RemoteFolder } from './remoteFolder.ts';
import type { RemoteKind } from './remoteKind.ts';
import type { RemoteRecord } from './remoteRecord.ts';
import { lookAt, othersAtWork, type RemoteStanding } from './remoteStanding.ts';
import { overwritten, type RemoteStep, remoteSteps } from './remoteSteps.ts';
import { blockedBy, type Dead, deadIn } from './sweep.ts';
import { retrying } from './tries.ts';

/** What publishing into a folder would do, with what is taken back there first of publications that were cut off. */
export async function planIn<C>(
  { name, place }: RemoteKind<C>,
  folder: RemoteFolder,
  parcel: Parcel,
  chosen: C,
  context: RemoteContext,
): ReturnType<Target<C>['plan']> {
  const standing = await retrying(context.signal, () => lookAt(folder, context.signal));
  if (othersAtWork(standing, context)) return bad(isAtWork(folder));
  const dead = await deadIn(folder, standing, context);
  for (const { record } of dead) {
    const blocked = record && blockedBy(folder, standing, record);
    if (blocked) return bad(blocked);
  }
  const swept = dead.reduce(
    (before, { record }) => (record ? withoutDead(before, record) : before),
    standing,
  );
  const own = remoteSteps(parcel, swept);
  if (!own.ok) return own;
  const steps = [...own.value, ...stepsOfSweep(dead, own.value, standing)];
  const { address } = folder;
  const changes = own.value.map(({ shown }) => shown.change);
  const kept = changes.filter((change) => change === 'update' || change === 'delete').length;
  const foreign = foreignNote(overwritten(own.value, swept));
  const notes = [...(place.notes?.(chosen) ?? []), ...dead.flatMap(deadNote), ...foreign];
  return good({
    address,
    effect: publishesAt(name, address),
    preview: {
      kind: 'files',
      address,
      files: steps.map((step) => step.shown),
      visibility: place.visibility(chosen),
      undoes: undoesOf(changes.filter((change) => change === 'create').length, kept),
      ...(notes.length > 0 ? { notes } : {}),
    },
    exactly: {
      address,
      stands: digestOf(
        JSON.stringify(steps.map((step) => [step.shown, step.stands?.size, step.stands?.stamp])),
      ),
      since: standing.marker?.execution ?? null,
      dead: dead.map(({ one }) => one.execution),
    },
  });
}

/** What stands there once what died in the middle is taken back. */
function withoutDead(standing: RemoteStanding, record: RemoteRecord): RemoteStanding {
  const files = new Map(standing.files);
  const marked = new Map((record.former?.files ?? []).map((file) => [file[0], file]));
  for (const path of createdBy(record)) files.delete(path);
  for (const { path, digest, size } of record.kept) {
    const before = marked.get(path);
    files.set(path, { path, size, stamp: before?.[1] === digest ? before[3] : '' });
  }
  const gone = new Set(record.folders);
  const folders = new Set([...standing.folders].filter((one) => !gone.has(one)));
  return { ...standing, files, folders, marker: record.former, ours: marked };
}

/** The files that taking back what died changes, and the publication does not. */
function stepsOfSweep(
  dead: readonly Dead[],
  own: readonly RemoteStep[],
  { files }: RemoteStanding,
): RemoteStep[] {
  const named = new Set(own.map(({ shown }) => shown.path));
  const changes = new Map<string, RemoteStep>();
  for (const { record } of dead) {
    for (const { path, size } of record?.kept ?? []) {
      const stands: RemoteFile | null = files.get(path) ?? null;
      changes.set(path, { shown: { path, size, change: stands ? 'update' : 'create' }, stands });
    }
    for (const path of record ? createdBy(record) : []) {
      const stands = files.get(path);
      if (stands) changes.set(path, { shown: { path, size: stands.size, change: 'delete' }, stands });
    }
  }
  return [...changes.values()].filter(({ shown }) => !named.has(shown.path));
}

function deadNote({ record, isLost }: Dead): string[] {
  if (record) {
    const [back, gone] = [record.kept.length, createdBy(record).length];
    return [
      `A publication was cut off there, and is taken back first: ${filesOf(back)} as before, ${filesOf(gone)} deleted.`,
    ];
  }
  if (!isLost) return [];
  return [
    'A publication was cut off there, and the store no longer knows how to take it back: what it did stays.',
  ];
}

function foreignNote(paths: readonly string[]): string[] {
  const [first] = paths;
  if (first === undefined) return [];
  const rest = paths.length > 1 ? ` and ${paths.length - 1} more` : '';
  return [`"${first}"${rest} there was put or changed by others, and is written over; it is kept for undo.`];
}
