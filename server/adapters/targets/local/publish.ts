import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Parcel, Published, TargetContext } from '../../../core/ports/target.ts';
import { firstFile } from '../../../protocol/deliverable.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { digestOf } from '../../tools/files/look.ts';
import { markerName } from '../marker.ts';
import { someAtOnce } from '../someAtOnce.ts';
import { calledOff } from '../targetFault.ts';
import { undoesOf } from '../undoes.ts';
import { foldersAbove } from './carry.ts';
import { moved } from './fault.ts';
import type { LocalFolder } from './folder.ts';
import { type Kept, keep, makeVersion } from './kept.ts';
import type { LocalMarker } from './localMarker.ts';
import type { Stage } from './stage.ts';
import { isOurs, movedOf, parted, type Standing, type Step, standingIn, stepsFor } from './standing.ts';
import type { Undo } from './undo.ts';

/** What goes into which folder. */
export interface Replacement {
  readonly parcel: Parcel;
  readonly folder: LocalFolder;
  /** Folders that were made above it, outermost first. */
  readonly made: readonly string[];
  readonly context: TargetContext;
}

/** Makes the next version in a stage and puts it in the place of the one that stands there, unless that changes meanwhile. */
export async function replace(stage: Stage, replacement: Replacement): Promise<Outcome<Published>> {
  const { parcel, folder, made, context } = replacement;
  const standing = await standingIn(stage.folder, context.signal);
  const steps = await stepsFor(parcel, standing, context.signal);
  if (!steps.ok) return steps;
  const pathsOf = (...changes: Step['change'][]) =>
    steps.value.filter((step) => changes.includes(step.change)).map((step) => step.path);
  const undo: Undo = {
    folder: folder.spot.path,
    existed: standing.exists,
    kept: await keepAll(steps.value, standing, context),
    files: parcel.files.map((file) => file.path),
    stays: pathsOf('unchanged'),
    made: [...made],
  };
  const stays = new Set(undo.stays);
  const replaced = new Set([...pathsOf('create', 'update', 'delete'), markerName]);
  const [carried, leftOut] = parted(
    standing,
    (name) => !replaced.has(name) && (stays.has(name) || !isOurs(standing, name)),
  );
  const sent = parcel.files.filter((file) => !stays.has(file.path));
  const brought = sent.map(({ path: name, digest }) => ({
    kind: 'file' as const,
    path: name,
    mode: 0o644,
    digest,
  }));
  const told = progressOf(sent, context);
  const gone = await makeVersion(stage.fresh, standing, { carried, brought }, context, told);
  if (gone !== null) {
    const what = `The content of ${gone} was deleted from the store.`;
    return bad(failures.tool(what, 'Make the deliverable again.'));
  }
  const marker = await writeMarker(stage, parcel, undo, context);
  const touched = await movedOf(standing, [...replaced, ...stays]);
  if (touched !== null) return bad(moved(`"${touched}" in ${folder.address}`));
  if (context.signal.aborted) return bad(calledOff().failure);
  await stage.commit(leftOut);
  return good(publishedOf(parcel, folder, marker, undo));
}

/** A publication that stands, with what taking it back wants. */
export function publishedOf(parcel: Parcel, folder: LocalFolder, marker: LocalMarker, undo: Undo): Published {
  const entry = firstFile(parcel.files)?.path;
  const { execution, time } = marker;
  const kept = undo.kept.filter(({ path: name, kind }) => kind !== 'folder' && name !== markerName);
  const before = new Set([...undo.stays, ...kept.map((one) => one.path)]);
  const created = undo.files.filter((name) => !before.has(name)).length;
  return {
    publication: {
      execution,
      target: 'local',
      location: folder.spot.path,
      ...(entry === undefined ? {} : { entry }),
      version: digestOf(JSON.stringify(marker)),
      visibility: 'local',
      undoes: undoesOf(created, kept.length),
      time,
    },
    undo: { execution, ...undo },
  };
}

/** Keeps what is written over or deleted, and the folders that the publication works in, as they are. */
async function keepAll(steps: readonly Step[], standing: Standing, context: TargetContext): Promise<Kept[]> {
  const digests = new Map(steps.map((step) => [step.path, step.change === 'unchanged' ? null : step.stands]));
  const ours = Object.keys(standing.marker?.files ?? {});
  const leaves = steps.flatMap(({ path: name, change }) =>
    change === 'unchanged' ? [] : (standing.leaves.get(name) ?? []),
  );
  const folders = foldersAbove([...digests.keys(), ...ours]).flatMap(
    (name) => standing.folders.get(name) ?? [],
  );
  const marker = standing.leaves.get(markerName);
  const kept = new Map<string, Kept>();
  await someAtOnce(
    [...folders, ...leaves, ...(marker ? [marker] : [])],
    4,
    context.signal,
    async (leaf, signal) => {
      const known = leaf.kind === 'file' ? (digests.get(leaf.path) ?? null) : null;
      const one = await keep(standing.at, leaf, known, { ...context, signal });
      if (one) kept.set(leaf.path, one);
    },
  );
  return [...kept.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** Tells how much of the files arrived, once for each hundredth of it. */
function progressOf(files: Parcel['files'], { progress }: TargetContext) {
  const total = Math.max(
    1,
    files.reduce((sum, file) => sum + file.size, 0),
  );
  let arrived = 0;
  let told = -1;
  return (bytes: number, name: string) => {
    arrived += bytes;
    const share = Math.floor((arrived / total) * 100);
    if (share === told) return;
    told = share;
    progress(Math.min(1, arrived / total), name);
  };
}

async function writeMarker(
  stage: Stage,
  parcel: Parcel,
  undo: Undo,
  context: TargetContext,
): Promise<LocalMarker> {
  const marker: LocalMarker = {
    about: 'Published by Virtual Butler. It names the files that may be replaced by the next publication.',
    execution: context.execution,
    deliverable: parcel.deliverable,
    time: context.now(),
    files: Object.fromEntries(parcel.files.map((file) => [file.path, file.digest])),
    undo: await context.blobs.put(Buffer.from(JSON.stringify(undo), 'utf8')),
  };
  // Without a marker that can be read nothing of ours is known any more; all else is made good by publishing again.
  const text = `${JSON.stringify(marker, null, 2)}\n`;
  await writeFile(path.join(stage.fresh, markerName), text, { flush: true });
  return marker;
}
