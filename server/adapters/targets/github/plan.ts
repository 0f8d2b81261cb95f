import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Parcel, TargetContext, TargetPlan } from '../../../core/ports/target.ts';
import type { Visibility } from '../../../protocol/deliverable.ts';
import { publishesAt } from '../publishesAt.ts';
import type { Config } from './config.ts';
import { firstCommitNote } from './firstCommit.ts';
import type { Hub } from './hub.ts';
import { branchFor, noBranch, prepare } from './prepare.ts';
import { checkParcel, undoesWhat } from './publication.ts';
import { orNull } from './refused.ts';
import { checkTag } from './release.ts';
import { type Repository, readRepository, writable } from './repository.ts';
import { siteOf } from './site.ts';
import { encodeRef, readRef } from './tree.ts';
import { ways } from './ways.ts';
import { tagOf } from './words.ts';
import { openHub, type Work } from './work.ts';

type Files = TargetPlan['preview']['files'];

/** What publishing would do: nothing is written. */
export async function planFor(parcel: Parcel, config: Config, context: TargetContext): Promise<TargetPlan> {
  checkParcel(parcel, config);
  using hub = await openHub(config, context);
  const work = { hub, config, parcel, context };
  const found = await readRepository(hub);
  const missing = found === null && config.create !== 'no';
  const repository = missing ? null : writable(found, hub);
  const { files, stands, begins } = repository ? await changes(work, repository) : fresh(work);
  const branch = repository ? branchFor(work, repository) : (config.branch ?? 'main');
  const { visibility, notes } = await about(work, repository, branch);
  const address = addressOf(work, branch);
  const undoes = undoesWhat(ways[config.mode].undoes, missing);
  return {
    address,
    effect: publishesAt('github', address),
    preview: {
      kind: 'files',
      address,
      files,
      visibility,
      undoes,
      notes: [...begins, ...notes, ...largeOnes(parcel)],
    },
    exactly: { address, mode: config.mode, branch, missing, stands: digestOf(stands), visibility },
  };
}

/** What changes, on what stands there, and what is said when it begins with a first commit. */
interface Changes {
  readonly files: Files;
  readonly stands: unknown;
  readonly begins: readonly string[];
}

async function changes(work: Work, repository: Repository): Promise<Changes> {
  const { hub, config, context } = work;
  if (config.mode === 'release') {
    await checkTag(hub, tagOf(config, context.now()));
    const branch = branchFor(work, repository);
    const head = (await readRef(hub, `heads/${branch}`)) ?? noBranch(work, branch);
    return { ...fresh(work), stands: head };
  }
  const { steps, isEmpty } = await prepare(work, repository);
  const files = steps.map(({ shown, change, size }) => ({ path: shown, change, size }));
  return {
    files,
    begins: isEmpty ? [firstCommitNote] : [],
    stands: steps.map((step) => [step.path, step.change, step.stands?.sha, step.stands?.mode]),
  };
}

function fresh({ parcel }: Work): Changes {
  const files = parcel.files.map(({ path, size }) => ({ path, change: 'create', size }) as const);
  return { files, stands: null, begins: [] };
}

/** Who will see it, and what a person should know before. */
async function about(
  work: Work,
  repository: Repository | null,
  branch: string,
): Promise<{ visibility: Visibility; notes: string[] }> {
  const { config, hub } = work;
  const name = `${hub.place.owner}/${hub.place.name}`;
  const visibility = (repository ? repository.private : config.create === 'private') ? 'private' : 'public';
  const made = repository ? [] : [`The repository ${name} is missing and will be created, ${visibility}.`];
  const first: Record<Config['mode'], string> = {
    'pull-request': `A pull request to "${branch}" is opened; nothing changes there before a person merges it.`,
    commit: `The files are committed to "${branch}" at once, without a review.`,
    release:
      'The files become assets of a new release, which everybody who watches the repository is told of.',
    pages: `Everything on "${branch}" but CNAME and .nojekyll is replaced.`,
  };
  if (config.mode !== 'pages') {
    return {
      visibility,
      notes: [...made, first[config.mode], ...(await guardNotes(work, repository, branch))],
    };
  }
  const site = repository ? await siteOf(hub) : { on: false, public: null, branch: null };
  const off =
    made.length > 0 && visibility === 'public'
      ? 'GitHub Pages are switched on for it, where the token may do that ("Pages: write").'
      : `GitHub Pages do not serve "${branch}" yet: choose it in the settings of the repository.`;
  const seen = site.on && site.public !== false ? 'public' : visibility;
  const open = seen === visibility ? [] : ['The repository is private, but its website is public.'];
  const serves = site.on && (site.branch ?? branch) === branch ? [] : [off];
  const guards = await guardNotes(work, repository, branch);
  return { visibility: seen, notes: [...made, first.pages, ...open, ...serves, ...guards] };
}

const Branch = z.object({ protected: z.boolean().catch(false) });

async function guardNotes(
  { hub, config }: Work,
  repository: Repository | null,
  branch: string,
): Promise<string[]> {
  if (!repository || !['commit', 'pages'].includes(config.mode)) return [];
  const guarded = await isProtected(hub, branch);
  return guarded ? [`"${branch}" is protected, so GitHub may refuse the commit; a pull request goes.`] : [];
}

/** Whether rules guard a branch. */
export async function isProtected({ api, at }: Hub, branch: string): Promise<boolean> {
  const path = `${at}/branches/${encodeRef(branch)}`;
  return (await orNull(api.ask({ method: 'GET', path, reads: Branch }), 403))?.protected ?? false;
}

function largeOnes({ files }: Parcel): string[] {
  const large = files.find((file) => file.size > 50 * 2 ** 20);
  return large ? [`"${large.path}" is larger than 50 MB; GitHub advises against that in a repository.`] : [];
}

/** What asks for a review has an address of its own, so that no rule for it covers a commit. */
function addressOf({ hub, config, context }: Work, branch: string): string {
  const { web } = hub.place;
  if (config.mode === 'release') {
    const tag = config.tag.includes('{time}') ? config.tag : tagOf(config, context.now());
    return `${web}/releases/tag/${tag}`;
  }
  const folder = config.folder && config.mode !== 'pages' ? `/${config.folder}` : '';
  return `${web}/${config.mode === 'pull-request' ? 'compare' : 'tree'}/${branch}${folder}`;
}

function digestOf(stands: unknown): string {
  return createHash('sha256').update(JSON.stringify(stands)).digest('hex');
}
