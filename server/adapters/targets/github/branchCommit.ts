import * as z from 'zod';
import { failures } from '../../../protocol/failure.ts';
import { createRef, moveRef } from './branch.ts';
import type { Hub } from './hub.ts';
import { branchFor, commitFor, prepare } from './prepare.ts';
import { orNull, refuse } from './refused.ts';
import { takeBackCommit } from './takeBack.ts';
import { readCommit } from './tree.ts';
import { carries, undone } from './words.ts';
import type { Done, Way, Work } from './work.ts';

const History = z.array(
  z.object({ sha: z.string(), commit: z.object({ message: z.string() }), parents: z.array(z.unknown()) }),
);
/** Pages of a hundred commits in which a publication that died is looked for. */
const mostPages = 5;

/** A commit on the branch itself. */
export const branchCommit: Way = {
  undoes: 'A second commit puts back what stood there before.',
  publish: (work, repository) => commitTo(work, repository),
  find: (work, repository) => findCommit(work, branchFor(work, repository)),
  takeBack: takeBackCommit,
};

/** A commit that replaces everything on the branch from which a website is served. */
export const pages: Way = {
  ...branchCommit,
  undoes: 'A second commit puts the former website back; a branch that came with it is deleted.',
  publish: async (work, repository) => {
    const done = await commitTo(work, repository);
    return atSite(work.hub, done);
  },
  find: async (work, repository) => {
    const done = await branchCommit.find(work, repository);
    return done && atSite(work.hub, done);
  },
};

const Site = z.object({
  html_url: z.string().nullable().catch(null),
  public: z.boolean().nullable().catch(null),
  source: z.object({ branch: z.string(), path: z.string() }).optional().catch(undefined),
});

/** The website of a repository as GitHub tells of it. */
export async function siteOf(
  { api, at }: Hub,
  certain = false,
): Promise<{
  on: boolean;
  url: string | null;
  public: boolean | null;
  branch: string | null;
}> {
  const site = await orNull(api.ask({ method: 'GET', path: `${at}/pages`, reads: Site, certain }), 403);
  const url = site?.html_url ?? '';
  const good = url.length <= 300 && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  return {
    on: site !== null,
    url: good ? new URL(url).href : null,
    public: site?.public ?? null,
    branch: site?.source?.branch ?? null,
  };
}

/** The same with the website as its location, as far as GitHub tells; the publication stands already. */
async function atSite(hub: Hub, done: Done): Promise<Done> {
  const site = await siteOf(hub, true).catch(() => null);
  return { ...done, location: site?.url ?? done.location };
}

async function commitTo(work: Work, repository: Parameters<Way['publish']>[1]): Promise<Done> {
  const { hub, context } = work;
  const prepared = await prepare(work, repository);
  const { branch, standing } = prepared;
  const commit = await commitFor(work, prepared);
  if (context.signal.aborted) refuse(failures.cancelled('Nothing was published.'));
  const fresh = standing.commit === null;
  if (!fresh) await moveRef(hub, `heads/${branch}`, commit);
  else if (!(await createRef(hub, `heads/${branch}`, commit))) {
    const what = `The branch "${branch}" came into being in the meantime.`;
    refuse(failures.conflict(what, 'Look at it there, then publish again.'));
  }
  return doneAs(hub, { branch, commit, fresh });
}

async function findCommit({ hub, context }: Work, branch: string): Promise<Done | null> {
  const { api, at } = hub;
  for (let page = 1; page <= mostPages; page++) {
    const path = `${at}/commits?sha=${encodeURIComponent(branch)}&per_page=100&page=${page}`;
    const commits = (await orNull(api.ask({ method: 'GET', path, reads: History }), 409)) ?? [];
    for (const { sha, commit, parents } of commits) {
      if (carries(commit.message, context.execution, undone)) return null;
      if (!carries(commit.message, context.execution)) continue;
      return doneAs(hub, { branch, commit: (await readCommit(hub, sha)).sha, fresh: parents.length === 0 });
    }
    if (commits.length < 100) return null;
  }
  return null;
}

function doneAs(
  { place }: Hub,
  { branch, commit, fresh }: Pick<Done, 'branch' | 'commit'> & { fresh: boolean },
): Done {
  return { location: `${place.web}/commit/${commit}`, version: commit, branch, commit, fresh };
}
