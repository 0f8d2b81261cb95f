import type { Parcel, Published, TargetContext } from '../../../core/ports/target.ts';
import { failures } from '../../../protocol/failure.ts';
import { checkAssets } from './assets.ts';
import type { Config } from './config.ts';
import { whatHolds } from './holds.ts';
import { refuse } from './refused.ts';
import {
  createRepository,
  isMadeFor,
  type Repository,
  readRepository,
  removeRepository,
  writable,
} from './repository.ts';
import { checkFiles } from './steps.ts';
import { takeAway } from './takeAway.ts';
import { ways } from './ways.ts';
import { type Done, openHub, Undo, type Work } from './work.ts';

/** Lists are read so far for what the same execution left: before it publishes, and after it died. */
const pages = { again: 1, died: 5 } as const;

/** Publishes a parcel in the way of the config, or carries on what the same execution left. */
export async function publishTo(parcel: Parcel, config: Config, context: TargetContext): Promise<Published> {
  checkParcel(parcel, config);
  using hub = await openHub(config, context);
  const work = { hub, config, parcel, context };
  const there = await readRepository(hub);
  const left = there && (await ways[config.mode].find(work, there, pages.again));
  if (there && left) return publishedAs(work, there, left);
  const repository = writable(there ?? (await createdFor(work)), hub);
  return publishedAs(work, repository, await publishIn(work, repository));
}

/** The publication of the execution, carried to its end; `null` where nothing of it can be seen. */
export async function findIn(
  parcel: Parcel,
  config: Config,
  context: TargetContext,
): Promise<Published | null> {
  using hub = await openHub(config, context);
  const work = { hub, config, parcel, context };
  const repository = await readRepository(hub);
  if (!repository) return null;
  const found = await ways[config.mode].find(work, repository, pages.died);
  if (found) return publishedAs(work, repository, found);
  if (!isMadeFor(repository, context.execution)) return null;
  return publishedAs(work, repository, await publishIn(work, repository));
}

/** Takes a publication back, and the repository with it where that came with it and holds nothing else. */
export async function takeBackFrom(given: unknown, context: TargetContext): Promise<void> {
  const undo = Undo.parse(given);
  using hub = await openHub(undo, context);
  if (!undo.created) return await ways[undo.mode].takeBack(hub, undo, context);
  const holds = await whatHolds(hub, undo);
  if (holds === 'ours' && (await removeRepository(hub)) === 'removed') return;
  if ((await readRepository(hub)) === null) return;
  await ways[undo.mode].takeBack(hub, undo, context);
  if (holds === 'more') return;
  const [fault, right] = {
    ours: ['may not delete the repository', 'Administration: write'],
    unseen: ['may not see whether somebody put something into the repository', 'Issues: read'],
  }[holds];
  const what = `The publication was taken back, but this token ${fault} ${undo.repository}.`;
  refuse(failures.denied(what, `Delete the repository by hand, or give the token "${right}".`));
}

/** Refuses what the way of the config cannot take, before anything is asked. */
export function checkParcel(parcel: Parcel, config: Config): void {
  if (config.mode === 'release') checkAssets(parcel.files);
  else checkFiles(parcel, config);
}

async function createdFor({ hub, config, parcel, context }: Work): Promise<Repository | null> {
  if (config.create === 'no') return null;
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
    return takeAway<Done>(work, error, async (tidy) => {
      const only = (await whatHolds(tidy, { execution: context.execution })) === 'ours';
      if (only && (await removeRepository(tidy)) === 'removed') return null;
      const what = `The repository ${hub.place.owner}/${hub.place.name} was created for it and stays.`;
      return refuse(failures.denied(what, ''));
    });
  }
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
