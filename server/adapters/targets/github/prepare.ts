import { failures } from '../../../protocol/failure.ts';
import { type Change, makeCommit } from './commit.ts';
import { isEmpty } from './firstCommit.ts';
import { refuse } from './refused.ts';
import type { Repository } from './repository.ts';
import { markerFor, markerName, pathIn, type Step, stepsOf } from './steps.ts';
import { foldersOf, type Standing, standingOf } from './tree.ts';
import { titleOf, withTrailer } from './words.ts';
import type { Work } from './work.ts';

/** A branch as it stands, with what a publication would change there. */
export interface Prepared {
  readonly branch: string;
  readonly standing: Standing;
  readonly steps: readonly Step[];
  /** Whether the repository has no commit yet, so that it needs a first one before. */
  readonly isEmpty: boolean;
}

/** Looks at the branch, and tells what a publication would change there. */
export async function prepare(work: Work, repository: Repository): Promise<Prepared> {
  const { hub, config, parcel, context } = work;
  const { default_branch: main } = repository;
  const branch = branchFor(work, repository);
  const paths = parcel.files.map((file) => pathIn(config, file.path));
  const inFolder = config.folder ? [`${config.folder}/${markerName}`] : [];
  const folders = new Set([...paths, ...inFolder].flatMap(foldersOf));
  const standing = await standingOf(hub, branch, folders);
  const empty = standing.commit === null && (await isEmpty(hub));
  const comes = config.mode === 'pages' || (config.mode === 'commit' && empty && branch === main);
  if (standing.commit === null && !comes) noBranch(work, branch, empty);
  const steps = await stepsOf(hub, { parcel, config, context, standing });
  if (config.mode !== 'pull-request' || steps.some((step) => step.change !== 'unchanged')) {
    return { branch, standing, steps, isEmpty: empty };
  }
  const what = `Everything stands on ${branch} as it is here, so a pull request would be empty.`;
  return refuse(failures.conflict(what, 'There is nothing to publish.'));
}

/** Makes the commit of a publication; no branch names it yet. */
export function commitFor(work: Work, { standing, steps }: Prepared): Promise<string> {
  const { hub, config, parcel, context } = work;
  const title = titleOf(config, parcel, context.now());
  const change: Change = {
    steps,
    standing,
    whole: config.mode === 'pages',
    marker: markerFor(config, parcel),
    message: withTrailer(title, context.execution, config.folder),
  };
  return makeCommit(hub, change, context);
}

/** The branch that a publication goes to, or asks to come to. */
export function branchFor({ config }: Pick<Work, 'config'>, repository: Repository): string {
  return config.branch ?? (config.mode === 'pages' ? 'gh-pages' : repository.default_branch);
}

/** Refuses for want of a branch, or of all. */
export function noBranch({ hub, config }: Work, branch: string, empty = false): never {
  const name = `${hub.place.owner}/${hub.place.name}`;
  if (empty && config.mode === 'pull-request') {
    const what = `${name} has no commit yet, and a pull request asks to change one.`;
    refuse(failures.conflict(what, 'Publish the first time by commit, or make a first commit there.'));
  }
  const what = `There is no branch "${branch}" in ${name}.`;
  return refuse(failures.conflict(what, 'Make a first commit there, or name another branch in the target.'));
}
