import * as z from 'zod';
import type { Hub } from './hub.ts';
import { Refused } from './refused.ts';
import { changeOf, Release } from './release.ts';
import { isMadeFor, readRepository } from './repository.ts';
import { leavesOf, readCommit, Sha } from './tree.ts';
import { branchOf, carries, undone } from './words.ts';
import type { Undo } from './work.ts';

/** What a publication put into a repository that came with it; without a commit it failed before all was there. */
export type Ours = Pick<Undo, 'execution'> & Partial<Omit<Undo, 'execution'>>;

const Refs = z.array(z.object({ ref: z.string(), object: z.object({ sha: Sha }) }));
const Commits = z.array(
  z.object({ sha: Sha, commit: z.object({ message: z.string() }), parents: z.array(z.unknown()) }),
);
const Blob = z.object({ content: z.string() });
const Numbers = z.array(z.object({ number: z.number() }));
const Pull = z.object({
  merged_at: z.string().nullable().catch(null),
  head: z.object({ sha: Sha }),
});

/**
 * Whether a repository that was created for a publication holds nothing but its first commit and what was
 * published; `unseen`: the token may not see all of it.
 */
export async function whatHolds(hub: Hub, ours: Ours): Promise<'ours' | 'more' | 'unseen'> {
  try {
    for (const look of looks) if (!(await look(hub, ours))) return 'more';
    return 'ours';
  } catch (error) {
    const kind = error instanceof Refused ? error.failure.kind : null;
    if (kind === 'denied' || kind === 'notFound') return 'unseen';
    throw error;
  }
}

/** Whether one kind of thing there is ours alone. */
type Look = (hub: Hub, ours: Ours) => Promise<boolean>;

const looks: readonly Look[] = [
  async (hub, { execution }) => {
    const there = await readRepository(hub);
    if (!there || !isMadeFor(there, execution)) return false;
    return there.forks_count === 0 && !there.has_wiki && !there.has_discussions;
  },

  async (hub, { execution, commit, branch }) => {
    const { default_branch: main = '' } = (await readRepository(hub)) ?? {};
    const heads = await listed(hub, 'git/matching-refs/heads/', Refs);
    return heads.every(({ ref, object: { sha } }) => {
      const name = ref.slice('refs/heads/'.length);
      if (commit === undefined) return [main, branchOf(execution)].includes(name);
      return name === main || (name === branch && sha === commit);
    });
  },

  async (hub, ours) => {
    const commits = await listed(hub, `commits?per_page=${most}`, Commits);
    if (commits.length >= most || !commits.every((one) => isOurs(one, ours))) return false;
    const first = commits.find(({ parents }) => parents.length === 0);
    return first ? isOfGithub(hub, first.sha) : commits.length === 0;
  },

  async (hub, { pull }) => {
    const issues = await listed(hub, `issues?state=all&per_page=${most}`, Numbers);
    const pulls = await listed(hub, `pulls?state=all&per_page=${most}`, Numbers);
    return [...issues, ...pulls].every(({ number }) => number === pull);
  },

  async (hub, { pull, commit }) => {
    if (pull === undefined) return true;
    const { merged_at, head } = await hub.api.ask({
      method: 'GET',
      path: `${hub.at}/pulls/${pull}`,
      reads: Pull,
    });
    return merged_at === null && head.sha === commit && (await isUnsaid(hub, talkOf(pull)));
  },

  (hub) => isUnsaid(hub, ['comments']),

  async (hub, ours) => {
    const releases = await listed(hub, `releases?per_page=${most}`, z.array(Release));
    for (const one of releases) {
      const mayBe = ours.release === undefined ? ours.commit === undefined : ours.release === one.id;
      if (!mayBe || (await changeOf(hub, one, ours)) !== null) return false;
    }
    return true;
  },

  async (hub, { tag, commit }) => {
    const tags = await listed(hub, 'git/matching-refs/tags/', Refs);
    return tags.every(({ ref, object }) => ref === `refs/tags/${tag}` && object.sha === commit);
  },
];

/** Things of a kind that are looked at; a publication brings fewer. */
const most = 10;

/** The first commit comes from GitHub, the others from the publication and from taking it back. */
function isOurs(one: z.infer<typeof Commits>[number], { commit, execution }: Ours): boolean {
  const { message } = one.commit;
  if (one.parents.length === 0 && message.trim() === 'Initial commit') return true;
  if (carries(message, execution, undone)) return true;
  return commit === undefined ? carries(message, execution) : one.sha === commit;
}

/** Whether a first commit holds what GitHub begins a repository with: a README of its name and its description. */
async function isOfGithub(hub: Hub, sha: string): Promise<boolean> {
  const { api, at, place } = hub;
  const files = await leavesOf(hub, (await readCommit(hub, sha)).tree.sha, null);
  const readme = files.get('README.md');
  if (!readme || files.size > 1) return false;
  const path = `${at}/git/blobs/${readme.sha}`;
  const { content } = await api.ask({ method: 'GET', path, reads: Blob });
  const text = Buffer.from(content, 'base64').toString('utf8');
  const { description } = (await readRepository(hub)) ?? {};
  const rest = text.slice(`# ${place.name}`.length).trim();
  return text.startsWith(`# ${place.name}`) && rest.length <= (description?.length ?? 0);
}

/** What people may have written about a pull request. */
function talkOf(pull: number): string[] {
  return [`issues/${pull}/comments`, `pulls/${pull}/comments`, `pulls/${pull}/reviews`];
}

async function isUnsaid(hub: Hub, lists: readonly string[]): Promise<boolean> {
  for (const list of lists) {
    const said = await listed(hub, `${list}?per_page=1`, z.array(z.unknown()));
    if (said.length > 0) return false;
  }
  return true;
}

/** A list of the repository; nothing where it has no commits, or where such things are switched off. */
async function listed<T>({ api, at }: Hub, path: string, reads: z.ZodType<T[]>): Promise<T[]> {
  try {
    return await api.ask({ method: 'GET', path: `${at}/${path}`, reads });
  } catch (error) {
    if (error instanceof Refused && [409, 410].includes(error.status)) return [];
    throw error;
  }
}
