import * as z from 'zod';
import { failures } from '../../../protocol/failure.ts';
import { createRef, removeRef } from './branch.ts';
import type { Hub } from './hub.ts';
import { branchFor, commitFor, prepare } from './prepare.ts';
import { orNull, Refused, refuse } from './refused.ts';
import { changed } from './takeBack.ts';
import { readCommit, readRef } from './tree.ts';
import { branchOf, carries, titleOf, withTrailer } from './words.ts';
import { attempt, type Done, type Undo, type Way, type Work } from './work.ts';

const Pull = z.object({
  number: z.int(),
  state: z.string(),
  merged_at: z.string().nullable().catch(null),
  body: z.string().nullable().catch(null),
  head: z.object({ sha: z.string() }),
});
type Pull = z.infer<typeof Pull>;

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
    try {
      return await opened(work, { branch, commit, base: prepared.branch });
    } catch (error) {
      await attempt(() => removeRef(hub, `heads/${branch}`));
      throw error;
    }
  },

  async find(work, repository) {
    const { hub, context } = work;
    const branch = branchOf(context.execution);
    const head = await readRef(hub, `heads/${branch}`);
    const ours = head !== null && carries((await readCommit(hub, head)).message, context.execution);
    const commit = ours ? head : null;
    const pull = await findPull(work, branch, commit);
    if (pull) return doneAs(hub, pull, branch);
    if (commit === null) return null;
    return opened(work, { branch, commit, base: branchFor(work, repository) });
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

async function close({ api, at }: Hub, { pull }: Undo): Promise<void> {
  const asked = { method: 'PATCH', path: `${at}/pulls/${pull}`, body: { state: 'closed' } } as const;
  await api.ask({ ...asked, reads: Pull, certain: true, again: true });
}

/** Opens the pull request of a branch, or finds the one that is open for it. */
async function opened(
  work: Work,
  { branch, commit, base }: { branch: string; commit: string; base: string },
): Promise<Done> {
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
    return doneAs(hub, await hub.api.ask(ask), branch);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const made = await findPull(work, branch, commit).catch(() => null);
    if (made) return doneAs(hub, made, branch);
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

function doneAs({ place }: Hub, { number, head }: Pull, branch: string): Done {
  return {
    location: `${place.web}/pull/${number}`,
    version: head.sha,
    branch,
    commit: head.sha,
    pull: number,
  };
}
