import path from 'node:path';
import * as z from 'zod';
import type { Parcel, Published, Target, TargetContext, TargetPlan } from '../../core/ports/target.ts';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { anchor, makeFolders } from '../tools/files/anchor.ts';
import { digestOf } from '../tools/files/look.ts';
import { joined, missingFolders } from '../tools/files/newFolders.ts';
import { findSpot } from '../tools/files/places.ts';
import { checkLocal } from './local/check.ts';
import { moved, unlessDiskRefuses } from './local/fault.ts';
import { type LocalFolder, localFolder } from './local/folder.ts';
import { publishedOf, replace } from './local/publish.ts';
import { recoverLeftovers, withStage } from './local/stage.ts';
import { type Standing, type Step, steadily, stepsFor } from './local/standing.ts';
import { isFolder, isOther } from './local/tree.ts';
import { changed, removeEmpty, Taking, takeBack, Undo } from './local/undo.ts';
import { faultInNames } from './parcelNames.ts';
import { undoesOf } from './undoes.ts';

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

  check: (config, context) => checkLocal(config.folder, context),

  async plan(parcel, config, context) {
    const fault = faultInNames(parcel);
    if (fault) return bad(fault);
    const folder = await localFolder(config.folder, context);
    if (!folder.ok) return folder;
    return unlessDiskRefuses(folder.value.address, () => planIn(folder.value, parcel, context));
  },

  async publish(parcel, config, context) {
    const fault = faultInNames(parcel);
    if (fault) return bad(fault);
    const folder = await localFolder(config.folder, context);
    if (!folder.ok) return folder;
    return unlessDiskRefuses(folder.value.address, () => publishIn(folder.value, parcel, context));
  },

  async reconcile(parcel, config, context) {
    const folder = await localFolder(config.folder, context);
    if (!folder.ok) return null;
    const { path: real } = folder.value.spot;
    await recoverLeftovers(...parts(real));
    const marker = await steadily(...parts(real), async (standing) => standing.marker);
    if (marker?.execution !== context.execution) {
      await removeEmpty(madeBy(context));
      return null;
    }
    const undo = await undoAt(marker.undo, context);
    return undo?.folder === real ? publishedOf(parcel, folder.value, marker, undo) : null;
  },

  async unpublish(given, context) {
    const undo = Taking.parse(given);
    const spot = await findSpot(undo.folder, context);
    if (!spot.ok) return spot;
    if (spot.value.path !== undo.folder) return bad(moved(spot.value.shown));
    return unlessDiskRefuses(spot.value.shown, () => unpublishFrom(undo, context));
  },
};

/** What an execution notes before it makes the folders above, so that they go with it. */
const Begun = Undo.pick({ made: true });
type Begun = z.infer<typeof Begun>;

function madeBy({ noted }: TargetContext): readonly string[] {
  return Begun.safeParse(noted).data?.made ?? [];
}

function parts(folder: string): [parent: string, name: string] {
  return [path.dirname(folder), path.basename(folder)];
}

async function planIn(
  { spot, address }: LocalFolder,
  parcel: Parcel,
  context: TargetContext,
): Promise<Outcome<TargetPlan>> {
  if (await isOther(spot.path)) {
    const what = `"folder": ${address} is not a folder.`;
    return bad(failures.invalid('target.config.folder', what, 'Choose another folder.'));
  }
  const look = async (standing: Standing) => ({
    steps: await stepsFor(parcel, standing, context.signal),
    since: standing.marker?.execution ?? null,
  });
  const { steps, since } = await steadily(...parts(spot.path), look, context.signal);
  if (!steps.ok) return steps;
  const digest = digestOf(JSON.stringify(steps.value.map((step) => [step.path, step.stands])));
  const file = { path: spot.path, shown: spot.shown, place: spot.place };
  const count = (...changes: Step['change'][]) =>
    steps.value.filter((step) => changes.includes(step.change)).length;
  return good({
    address,
    effect: { kind: 'publish', target: 'local', address, ...file, reversible: true },
    preview: {
      kind: 'files',
      address,
      files: steps.value.map(({ stands: _, ...shown }) => shown),
      visibility: 'local',
      undoes: undoesOf(count('create'), count('update', 'delete')),
    },
    exactly: { folder: spot.path, stands: digest, since },
  });
}

/** Makes the folders above and holds the innermost while the new version takes its place in it. */
async function publishIn(
  folder: LocalFolder,
  parcel: Parcel,
  context: TargetContext,
): Promise<Outcome<Published>> {
  const [above, name] = parts(folder.spot.path);
  const made = joined(madeBy(context), await missingFolders(above));
  if (made.length > 0) await context.note?.({ made } satisfies Begun);
  await makeFolders(above);
  let stood = false;
  try {
    await using parent = await anchor(above);
    const outcome = await withStage(parent.base, name, (stage) =>
      replace(stage, { parcel, folder, made, context }),
    );
    stood = outcome.ok;
    return outcome;
  } finally {
    if (!stood) await removeEmpty(made);
  }
}

async function unpublishFrom(undo: Taking, context: TargetContext): Promise<Outcome<void>> {
  const [above, name] = parts(undo.folder);
  if (!(await isFolder(above))) {
    if (undo.existed) return bad(changed(undo.folder, 'the folder that it lay in'));
    await removeEmpty(undo.made);
    return good(undefined);
  }
  await using parent = await anchor(above);
  const outcome = await withStage(parent.base, name, (stage) => takeBack(stage, undo, context));
  if (outcome.ok && !undo.existed) await removeEmpty(undo.made);
  return outcome;
}

/** What lies in the store of how to take a publication back; `null` where it was deleted, or is none. */
async function undoAt(digest: string, { blobs }: TargetContext): Promise<Undo | null> {
  const bytes = await blobs.get(digest);
  try {
    return bytes && Undo.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch {
    return null;
  }
}
