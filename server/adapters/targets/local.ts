import { chmod, lstat, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { Parcel, Target, TargetContext } from '../../core/ports/target.ts';
import type { Publication } from '../../protocol/deliverable.ts';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { anchor, makeFolders } from '../tools/files/anchor.ts';
import { digestOf, unreadable } from '../tools/files/look.ts';
import { findSpot, relativeFault } from '../tools/files/places.ts';
import { type LocalFolder, localFolder } from './localFolder.ts';
import { removeEmpty, Taking, takeBack, Undo } from './localUndo.ts';
import { type Marker, markerName } from './marker.ts';
import { recoverLeftovers, type Stage, withStage } from './stage.ts';
import { isOurs, standingIn, steadily, stepsFor } from './standing.ts';
import { carry, type Kept, keep, putBack } from './tree.ts';

const Config = z.strictObject({
  folder: z.string().min(1).max(1024).default('public').meta({
    title: 'Folder',
    description: 'Where the files go, relative to the workspace; outside of it only as an absolute path.',
  }),
});
type Config = z.infer<typeof Config>;

/** Publishes into a folder of this machine: the whole new version takes the place of the old one by a rename. */
export const local: Target<Config> = {
  name: 'local',
  title: 'Local folder',
  about: 'Puts the files into a folder, by default "public" in the workspace; nothing leaves this machine.',
  config: Config,

  async plan(parcel, config, context) {
    const folder = await localFolder(config.folder, context);
    if (!folder.ok) return folder;
    const fault = parcel.files.find(
      (file) => relativeFault(file.path) ?? (file.path === markerName ? 'taken' : null),
    );
    if (fault)
      return bad(
        failures.invalid('files', `"${fault.path}" cannot be a file name.`, 'Save it under another name.'),
      );
    const { spot, address } = folder.value;
    if (await isOtherThanFolder(spot.path)) {
      const what = `"folder": ${address} is not a folder.`;
      return bad(failures.invalid('target.config.folder', what, 'Choose another folder.'));
    }
    const { steps, since } = await steadily(...parts(spot.path), async (standing) => ({
      steps: await stepsFor(parcel, standing),
      since: standing.marker?.execution ?? null,
    }));
    if (!steps.ok) return steps;
    const stands = digestOf(JSON.stringify(steps.value.map((step) => [step.path, step.stands])));
    const file = { path: spot.path, shown: spot.shown, place: spot.place };
    return good({
      address,
      effect: { kind: 'publish', target: 'local', address, ...file, reversible: true },
      preview: { kind: 'files', address, files: steps.value.map(({ stands: _, ...shown }) => shown) },
      exactly: { folder: spot.path, stands, since },
    });
  },

  publish: (parcel, config, context) =>
    inFolder(config, context, async (folder, made, parent) =>
      withStage(parent, path.basename(folder.spot.path), (stage) =>
        replace(stage, { parcel, folder, made, parent, context }),
      ),
    ),

  async reconcile(parcel, config, context) {
    const folder = await localFolder(config.folder, context);
    if (!folder.ok) return null;
    const { path: real } = folder.value.spot;
    await recoverLeftovers(...parts(real));
    const marker = await steadily(...parts(real), async (standing) => standing.marker);
    if (marker?.execution !== context.execution) return null;
    const record = await context.blobs.get(marker.undo);
    const undo = record && Undo.parse(JSON.parse(Buffer.from(record).toString('utf8')));
    if (!undo) return null;
    return {
      publication: publicationOf(parcel, folder.value, marker),
      undo: { execution: marker.execution, ...undo },
    };
  },

  async unpublish(given, context) {
    const undo = Taking.parse(given);
    const spot = await findSpot(undo.folder, context);
    if (!spot.ok) return spot;
    if (spot.value.path !== undo.folder) return bad(moved(spot.value.shown));
    const [parent, name] = parts(undo.folder);
    const outcome = await withStage(parent, name, (stage) => takeBack(stage, undo, context));
    if (outcome.ok && !undo.existed) await removeEmpty(undo.made);
    return outcome;
  },
};

function parts(folder: string): [parent: string, name: string] {
  return [path.dirname(folder), path.basename(folder)];
}

async function isOtherThanFolder(at: string): Promise<boolean> {
  const found = await lstat(at).catch(() => null);
  return found !== null && !found.isDirectory();
}

interface Replacement {
  readonly parcel: Parcel;
  readonly folder: LocalFolder;
  readonly made: readonly string[];
  /** The path through which the folder above is held. */
  readonly parent: string;
  readonly context: TargetContext;
}

/** Makes the folders above and holds the innermost while something is done in it. */
async function inFolder<T>(
  config: Config,
  context: TargetContext,
  act: (folder: LocalFolder, made: string[], parent: string) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const folder = await localFolder(config.folder, context);
  if (!folder.ok) return folder;
  const { spot } = folder.value;
  try {
    const made = await makeFolders(path.dirname(spot.path));
    await using parent = await anchor(path.dirname(spot.path));
    const outcome = await act(folder.value, made, parent.base);
    if (!outcome.ok) await removeEmpty(made);
    return outcome;
  } catch (error) {
    const failure = unreadable(spot, error);
    return failure.ok ? bad(moved(spot.shown)) : failure;
  }
}

async function replace(
  stage: Stage,
  { parcel, folder, made, parent, context }: Replacement,
): Promise<Outcome<{ publication: Publication; undo: unknown }>> {
  const standing = await standingIn(path.join(parent, path.basename(folder.spot.path)));
  const steps = await stepsFor(parcel, standing);
  if (!steps.ok) return steps;
  const unchanged = new Set(
    steps.value.filter((step) => step.change === 'unchanged').map((step) => step.path),
  );
  const kept: Kept[] = [];
  for (const leaf of standing.leaves.values()) {
    const replaced = isOurs(standing, leaf.path) || steps.value.some((step) => step.path === leaf.path);
    const one = replaced ? await keep(standing.at, leaf, context) : null;
    if (one) kept.push(one);
    if (!replaced || unchanged.has(leaf.path)) await carry(standing.at, stage.fresh, leaf);
  }
  for (const [index, file] of parcel.files.entries()) {
    if (context.signal.aborted) return bad(failures.cancelled('Nothing was published.'));
    context.progress(index / parcel.files.length, file.path);
    if (unchanged.has(file.path)) continue;
    const { path: name, digest } = file;
    if (!(await putBack(stage.fresh, { kind: 'file', path: name, mode: 0o644, digest }, context))) {
      return bad(
        failures.tool(`The content of ${name} was deleted from the store.`, 'Make the deliverable again.'),
      );
    }
  }
  const files = parcel.files.map((file) => file.path);
  const undo: Undo = { folder: folder.spot.path, existed: standing.exists, kept, made: [...made], files };
  const marker = await writeMarker(stage, parcel, undo, context);
  if (standing.exists) await chmod(stage.fresh, (await stat(standing.at)).mode & 0o7777);
  if (context.signal.aborted) return bad(failures.cancelled('Nothing was published.'));
  await stage.commit();
  return good({
    publication: publicationOf(parcel, folder, marker),
    undo: { execution: context.execution, ...undo },
  });
}

async function writeMarker(
  stage: Stage,
  parcel: Parcel,
  undo: Undo,
  context: TargetContext,
): Promise<Marker> {
  const marker: Marker = {
    about: 'Published by Virtual Butler. It names the files that may be replaced by the next publication.',
    execution: context.execution,
    deliverable: parcel.deliverable,
    time: context.now(),
    files: Object.fromEntries(parcel.files.map((file) => [file.path, file.digest])),
    undo: await context.blobs.put(Buffer.from(JSON.stringify(undo), 'utf8')),
  };
  await writeFile(path.join(stage.fresh, markerName), `${JSON.stringify(marker, null, 2)}\n`);
  return marker;
}

function publicationOf(parcel: Parcel, folder: LocalFolder, marker: Marker): Publication {
  const names = parcel.files.map((file) => file.path);
  const entry = names.find((name) => name === 'index.html') ?? names[0];
  const { execution, time } = marker;
  return { execution, target: 'local', location: folder.spot.path, ...(entry ? { entry } : {}), time };
}

function moved(shown: string) {
  return failures.conflict(`${shown} leads elsewhere than a moment ago.`, 'Publish again.');
}
