import * as z from 'zod';
import { failures } from '../../../protocol/failure.ts';
import { createRef, removeRef } from './branch.ts';
import type { Hub } from './hub.ts';
import { branchFor, commitFor, prepare } from './prepare.ts';
import { orNull, Refused, refuse } from './refused.ts';
import { takeAway } from './takeAway.ts';
import { changed } from './takeBack.ts';
import { readRef, Sha } from './tree.ts';
import { branchOf, carries, titleOf, withTrailer } from './words.ts';
import type { Done, Undo, Way, Work } from './work.ts';

const Pull = z.object({
  number: z.int(),
  state: z.string(),
  merged_at: z.string().nullable().catch(null),
  body: z.string().nullable().catch(null),
  head: z.object({ sha: z.string() }),
});
type Pull = z.infer<typeof Pull>;
const Commits = z.array(z.object({ sha: Sha, commit: z.object({ message: z.string() }) }));

/** What a pull request is opened for: a branch that ends with a commit of ours, to come to another. */
type Head = Pick<Done, 'branch' | 'commit'> & { readonly base: string };

/** A branch of its own with a pull request, to be reviewed and merged by a person. */
export const pullRequest: Way = {
  undoes: 'The pull request is closed and its branch deleted, as long as it was not merged.',

  async publish(work, repository) {
    const { hub, context } = work;
    const prepared = await prepare(work, repository);
    const commit = await commitFor(work, prepared);
    if (context.signal.aborted) refuse(failures.cancelled('Nothing was published.'));
    const branch = branchOf(context.execution);
    if (!(await createRef(hub, `heads/${branch}`, commit))) {
      const what = `There is a branch "${branch}" already.`;
      refuse(failures.conflict(what, 'Look at it there, then publish again.'));
    }
    return pullFor(work, { branch, commit, base: prepared.branch });
  },

  async find(work, repository) {
    const { hub, context } = work;
    const branch = branchOf(context.execution);
    const commit = await ownCommit(work, `commits?sha=${encodeURIComponent(branch)}&per_page=50`);
    const pull = await findPull(work, branch, commit);
    const base = branchFor(work, repository);
    if (!pull) return commit === null ? null : pullFor(work, { branch, commit, base });
    const ours = commit ?? (await ownCommit(work, `pulls/${pull.number}/commits?per_page=100`));
    return doneAs(hub, pull, { branch, commit: ours ?? changed('the commit of the pull request is gone') });
  },

  async takeBack(hub, undo) {
    const pull = await orNull(
      hub.api.ask({ method: 'GET', path: `${hub.at}/pulls/${undo.pull}`, reads: Pull }),
    );
    if (pull?.merged_at) {
      const what = `Pull request ${undo.pull} was merged, so closing it takes nothing back.`;
      refuse(
        failures.conflict(
          what,
          'Press "Revert" on its page at GitHub to make a pull request that takes it back.',
        ),
      );
    }
    const head = await readRef(hub, `heads/${undo.branch}`);
    if (head !== null && head !== undo.commit) changed('further commits came onto its branch');
    if (pull && pull.state !== 'closed') await close(hub, undo);
    if (head !== null) await removeRef(hub, `heads/${undo.branch}`);
  },
};

/** Opens the pull request of a branch; where that is refused for good, the branch goes again. */
async function pullFor(work: Work, head: Head): Promise<Done> {
  try {
    return await opened(work, head);
  } catch (error) {
    return takeAway<Done>(work, error, async (tidy) => {
      const ref = `heads/${head.branch}`;
      if ((await readRef(tidy, ref)) === head.commit) await removeRef(tidy, ref);
      return null;
    });
  }
}

/** The commit of the execution, of those in a list; `null` where there is none, or no list. */
async function ownCommit({ hub, context }: Work, list: string): Promise<string | null> {
  const path = `${hub.at}/${list}`;
  const commits = await orNull(hub.api.ask({ method: 'GET', path, reads: Commits }), 409);
  return commits?.find(({ commit }) => carries(commit.message, context.execution))?.sha ?? null;
}

async function close({ api, at }: Hub, { pull }: Undo): Promise<void> {
  const asked = { method: 'PATCH', path: `${at}/pulls/${pull}`, body: { state: 'closed' } } as const;
  await api.ask({ ...asked, reads: Pull, certain: true, again: true });
}

/** Opens the pull request of a branch, or finds the one that is open for it. */
async function opened(work: Work, { branch, commit, base }: Head): Promise<Done> {
  const { hub, config, parcel, context } = work;
  const title = titleOf(config, parcel, context.now());
  const count = parcel.files.length === 1 ? '1 file' : `${parcel.files.length} files`;
  const body = {
    title,
    head: branch,
    base,
    body: withTrailer(`${count}, made and sent by Virtual Butler.`, context.execution, config.folder),
  };
  const ask = { method: 'POST', path: `${hub.at}/pulls`, reads: Pull, body, certain: true } as const;
  try {
    return doneAs(hub, await hub.api.ask(ask), { branch, commit });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const made = await findPull(work, branch, commit).catch(() => null);
    if (made) return doneAs(hub, made, { branch, commit });
    throw error;
  }
}

/** The pull request of a branch that says so or, where a person changed its words, has our commit. */
async function findPull({ hub, context }: Work, branch: string, commit: string | null): Promise<Pull | null> {
  const { api, at, place } = hub;
  const head = encodeURIComponent(`${place.owner}:${branch}`);
  const path = `${at}/pulls?state=all&head=${head}&per_page=10`;
  const pulls = await api.ask({ method: 'GET', path, reads: z.array(Pull), certain: true });
  const said = pulls.find((pull) => carries(pull.body, context.execution));
  return said ?? pulls.find((pull) => pull.head.sha === commit) ?? null;
}

function doneAs({ place }: Hub, { number }: Pull, made: Pick<Done, 'branch' | 'commit'>): Done {
  return { location: `${place.web}/pull/${number}`, version: made.commit, ...made, pull: number };
}
