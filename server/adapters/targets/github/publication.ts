import type { Parcel, Published, TargetContext } from '../../../core/ports/target.ts';
import { failures } from '../../../protocol/failure.ts';
import type { Config } from './config.ts';
import type { Hub } from './hub.ts';
import { Refused, refuse } from './refused.ts';
import { checkAssets } from './release.ts';
import {
  createRepository,
  holdsOnlyOurs,
  isMadeFor,
  type Repository,
  readRepository,
  removeRepository,
  writable,
} from './repository.ts';
import { checkFiles } from './steps.ts';
import { ways } from './ways.ts';
import { branchOf } from './words.ts';
import { attempt, type Done, openHub, Undo, type Work } from './work.ts';

/** Publishes a parcel in the way of the config. */
export async function publishTo(parcel: Parcel, config: Config, context: TargetContext): Promise<Published> {
  checkParcel(parcel, config);
  const work = await workFor(parcel, config, context);
  const repository = writable(await repositoryFor(work), work.hub);
  return publishedAs(work, repository, await publishIn(work, repository));
}

/** The publication of the execution, carried to its end; `null` where nothing of it can be seen. */
export async function findIn(
  parcel: Parcel,
  config: Config,
  context: TargetContext,
): Promise<Published | null> {
  const work = await workFor(parcel, config, context);
  const repository = await readRepository(work.hub);
  if (!repository) return null;
  const found = await ways[config.mode].find(work, repository);
  if (found) return publishedAs(work, repository, found);
  if (!isMadeFor(repository, context.execution)) return null;
  return publishedAs(work, repository, await publishIn(work, repository));
}

/** Takes a publication back, and the repository with it where that came with it and holds nothing else. */
export async function takeBackFrom(given: unknown, context: TargetContext): Promise<void> {
  const undo = Undo.parse(given);
  const hub = await openHub(undo, context);
  const kept = undo.created && (await removedWhole(hub, undo));
  if (undo.created && (await readRepository(hub)) === null) return;
  await ways[undo.mode].takeBack(hub, undo, context);
  if (kept !== 'kept') return;
  const what = `The publication was taken back, but this token may not delete the repository ${undo.repository}.`;
  refuse(failures.denied(what, 'Delete the repository by hand, or give the token "Administration: write".'));
}

/** Refuses what the way of the config cannot take, before anything is asked. */
export function checkParcel(parcel: Parcel, config: Config): void {
  if (config.mode === 'release') checkAssets(parcel.files);
  else checkFiles(parcel, config);
}

/** Everything that a publication works with. */
export async function workFor(parcel: Parcel, config: Config, context: TargetContext): Promise<Work> {
  return { hub: await openHub(config, context), config, parcel, context };
}

async function repositoryFor({ hub, config, parcel, context }: Work): Promise<Repository | null> {
  const there = await readRepository(hub);
  if (there || config.create === 'no') return there;
  try {
    return await createRepository(hub, config, { title: parcel.title, execution: context.execution });
  } catch (error) {
    const made = await readRepository(hub, true).catch(() => null);
    if (made && isMadeFor(made, context.execution)) return made;
    throw error;
  }
}

/** Publishes; what fails takes a repository that came with it away again. */
async function publishIn(work: Work, repository: Repository): Promise<Done> {
  const { hub, config, context } = work;
  try {
    return await ways[config.mode].publish(work, repository);
  } catch (error) {
    if (!isMadeFor(repository, context.execution)) throw error;
    const ours = { execution: context.execution, branch: branchOf(context.execution) };
    const gone = await attempt(async () => {
      if (!(await holdsOnlyOurs(hub, ours)) || (await removeRepository(hub)) === 'kept') throw error;
    });
    if (gone || !(error instanceof Refused)) throw error;
    const mend = `${error.failure.mend} The repository was created for it and stays.`;
    throw new Refused(error.status, { ...error.failure, mend });
  }
}

async function removedWhole(hub: Hub, undo: Undo): Promise<'removed' | 'kept' | 'holds more'> {
  return (await holdsOnlyOurs(hub, undo)) ? removeRepository(hub) : 'holds more';
}

function publishedAs({ config, parcel, context }: Work, repository: Repository, done: Done): Published {
  const { location, version, ...rest } = done;
  const { mode, api, user, repository: name, folder } = config;
  const created = isMadeFor(repository, context.execution);
  const way = ways[mode];
  const entry = parcel.files.find((file) => file.path === 'index.html')?.path ?? parcel.files[0]?.path;
  const undo = { mode, api, user, repository: name, execution: context.execution, folder, created, ...rest };
  return {
    publication: {
      execution: context.execution,
      target: 'github',
      location,
      ...(entry ? { entry } : {}),
      version,
      visibility: repository.private ? 'private' : 'public',
      undoes: undoesWhat(way.undoes, created),
      time: context.now(),
    },
    undo: JSON.parse(JSON.stringify(undo)) as unknown,
  };
}

/** What taking back does, with what becomes of a repository that came with the publication. */
export function undoesWhat(undoes: string, created: boolean): string {
  return created ? `${undoes} The repository is deleted when nothing else came into it.` : undoes;
}
