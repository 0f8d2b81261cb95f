import * as z from 'zod';
import { failures } from '../../../protocol/failure.ts';
import { createRef, moveRef } from './branch.ts';
import { beginRepository } from './firstCommit.ts';
import type { Hub } from './hub.ts';
import { branchFor, commitFor, prepare } from './prepare.ts';
import { orNull, refuse } from './refused.ts';
import { isMadeFor, type Repository } from './repository.ts';
import { siteOf, switchOff, switchOn } from './site.ts';
import { takeBackCommit } from './takeBack.ts';
import { readCommit } from './tree.ts';
import { carries, undone } from './words.ts';
import type { Done, Way, Work } from './work.ts';

const History = z.array(
  z.object({ sha: z.string(), commit: z.object({ message: z.string() }), parents: z.array(z.unknown()) }),
);
/** A commit on the branch itself. */
export const branchCommit: Way = {
  undoes: 'A second commit puts back what stood there before.',
  publish: (work, repository) => commitTo(work, repository),
  find: (work, repository, pages) => findCommit(work, branchFor(work, repository), pages),
  takeBack: takeBackCommit,
};

/** A commit that replaces everything on the branch from which a website is served. */
export const pages: Way = {
  ...branchCommit,
  undoes: 'A second commit puts the former website back; a branch that came with it is deleted.',
  publish: async (work, repository) => {
    const done = await commitTo(work, repository);
    return atSite(work, repository, done);
  },
  find: async (work, repository, pages) => {
    const done = await branchCommit.find(work, repository, pages);
    return done && atSite(work, repository, done);
  },
  takeBack: async (hub, undo, context) => {
    await takeBackCommit(hub, undo, context);
    if (undo.site) await switchOff(hub, undo.branch);
  },
};

/** The same with the website as its location, as far as GitHub tells; the publication stands already. */
async function atSite({ hub, context }: Work, repository: Repository, done: Done): Promise<Done> {
  const stands = await siteOf(hub, true).catch(() => null);
  const isOurs = isMadeFor(repository, context.execution);
  const wants = isOurs && stands?.on === false && !repository.private;
  const site = wants ? await switchOn(hub, done.branch) : stands;
  const location = site?.url ?? done.location;
  return { ...done, location, ...(isOurs && site?.on ? { site: true } : {}) };
}

async function commitTo(work: Work, repository: Repository): Promise<Done> {
  const { hub, context } = work;
  let prepared = await prepare(work, repository);
  if (prepared.isEmpty) {
    await beginRepository(hub, repository);
    prepared = await prepare(work, repository);
  }
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

async function findCommit({ hub, context }: Work, branch: string, pages: number): Promise<Done | null> {
  const { api, at } = hub;
  for (let page = 1; page <= pages; page++) {
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
