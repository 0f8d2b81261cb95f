import assert from 'node:assert/strict';
import { github } from '../../../server/adapters/targets/github.ts';
import { kindOf, value } from '../tools/ground.ts';
import { type GithubGround, githubGround } from './githubGround.ts';

interface Undo {
  readonly branch: string;
  readonly commit: string;
  readonly release: number;
}

type Witness = GithubGround['server']['witness'];
interface At {
  readonly owner: string;
  readonly repo: string;
}
type Work = (witness: Witness, at: At, undo: Undo) => Promise<unknown>;

/** What people put into a repository that was created for a publication, by the way that it was published. */
const works: Record<string, Record<string, Work>> = {
  'pull-request': {
    'a commit on its branch': (witness, at, { branch, commit }) =>
      commitOnto(witness, at, { branch, commit }),
    'a merge': ({ pulls }, at) => pulls.merge({ ...at, pull_number: 1, merge_method: 'merge' }),
    'a comment': ({ issues }, at) => issues.createComment({ ...at, issue_number: 1, body: 'Fine' }),
    'a review': ({ pulls }, at) =>
      pulls.createReview({ ...at, pull_number: 1, event: 'COMMENT', body: 'Fine' }),
  },
  commit: {
    'a commit': (witness, at, { commit }) => commitOnto(witness, at, { branch: 'main', commit }),
    'our commit with other words': async ({ git }, at, { commit: sha }) => {
      const { data } = await git.getCommit({ ...at, commit_sha: sha });
      const message = `Mine\n\n${data.message}`;
      const parents = data.parents.map((parent) => parent.sha);
      const made = await git.createCommit({ ...at, message, tree: data.tree.sha, parents });
      await git.updateRef({ ...at, ref: 'heads/main', sha: made.data.sha, force: true });
    },
    'a branch': ({ git }, at, { commit: sha }) => git.createRef({ ...at, ref: 'refs/heads/mine', sha }),
    'a tag': ({ git }, at, { commit: sha }) => git.createRef({ ...at, ref: 'refs/tags/mine', sha }),
    'a word to the commit': ({ repos }, at, { commit: commit_sha }) =>
      repos.createCommitComment({ ...at, commit_sha, body: 'Fine' }),
    'an issue': ({ issues }, at) => issues.create({ ...at, title: 'Mine' }),
    'a wiki': ({ repos }, at) => repos.update({ ...at, has_wiki: true }),
  },
  release: {
    'an asset': addAsset,
    'a title of the release': ({ repos }, at, { release: release_id }) =>
      repos.updateRelease({ ...at, release_id, name: 'Mine' }),
    'a release': ({ repos }, at) =>
      repos.createRelease({ ...at, tag_name: 'mine', draft: true, body: 'mine' }),
  },
  pages: {
    'a first commit of their own': async ({ git }, at) => {
      const file = { path: 'mine.txt', mode: '100644', type: 'blob', content: 'mine' } as const;
      const tree = (await git.createTree({ ...at, tree: [file] })).data.sha;
      const made = await git.createCommit({ ...at, message: 'Initial commit', tree, parents: [] });
      await git.updateRef({ ...at, ref: 'heads/main', sha: made.data.sha, force: true });
    },
    'a commit to the website': (witness, at, { branch, commit }) =>
      commitOnto(witness, at, { branch, commit }),
  },
};

describe('taking back a publication to GitHub that a repository was created for', function () {
  this.timeout(60_000);
  let hub: GithubGround;
  let count = 0;
  before(async () => {
    hub = await githubGround();
  });
  after(() => hub[Symbol.asyncDispose]());

  for (const [mode, additions] of Object.entries(works)) {
    for (const [name, add] of Object.entries(additions)) {
      it(`keeps the repository when somebody added ${name} (${mode})`, async () => {
        const at = { owner: 'octo', repo: `new-${++count}` };
        const undo = await published(hub, at, mode);
        await add(hub.server.witness, at, undo);
        for (let times = 0; times < 2; times++) {
          await github.unpublish(undo, hub.context());
          assert.notEqual(await hub.server.look(at.repo), null);
        }
      });
    }
  }

  it('keeps the repository where the token may not see all that is in it, and says so', async () => {
    for (const list of ['issues', 'pulls', 'comments', 'git/matching-refs/tags/']) {
      const at = { owner: 'octo', repo: `new-${++count}` };
      const undo = await published(hub, at, 'commit');
      const hidden = `/repos/octo/${at.repo}/${list}`;
      hub.server.gate.rules.splice(0, 1, ({ method, path }) =>
        method === 'GET' && path.split('?')[0] === hidden
          ? { status: 403, body: { message: 'Resource not accessible' } }
          : null,
      );
      const outcome = await github.unpublish(undo, hub.context());
      assert.ok(!outcome.ok && /may not see whether/.test(outcome.failure.what), list);
      assert.match(outcome.failure.mend, /Issues: read/);
      assert.deepEqual(Object.keys(await hub.server.files('main', at.repo)), ['README.md']);
    }
  });
});

describe('taking back a release of the GitHub target', function () {
  this.timeout(60_000);

  const at = { owner: 'octo', repo: 'site' };
  const changes: Record<string, Work> = {
    'its title': ({ repos }, at, { release: release_id }) =>
      repos.updateRelease({ ...at, release_id, name: 'Mine' }),
    'notes around its text': async ({ repos }, at, { release: release_id }) => {
      const { data } = await repos.getRelease({ ...at, release_id });
      await repos.updateRelease({ ...at, release_id, body: `# News\n\n${data.body}\n\nMore` });
    },
    'an asset': addAsset,
    'its tag': async (witness, at, { commit }) => {
      const sha = await commitOnto(witness, at, { branch: 'main', commit });
      await witness.git.updateRef({ ...at, ref: 'tags/v1', sha, force: true });
    },
  };

  for (const [name, change] of Object.entries(changes)) {
    it(`takes nothing away where somebody changed ${name}`, async () => {
      await using hub = await githubGround();
      const config = hub.config({ mode: 'release', tag: 'v1' });
      const parcel = await hub.parcel({ 'a.txt': 'a' });
      const { undo } = value(await github.publish(parcel, config, hub.context()));
      await change(hub.server.witness, at, undo as Undo);
      const before = await hub.server.look();
      assert.equal(kindOf(await github.unpublish(undo, hub.context())), 'conflict');
      assert.deepEqual(await hub.server.look(), before);
    });
  }
});

async function published(hub: GithubGround, { owner, repo }: At, mode: string): Promise<Undo> {
  const config = hub.config({ repository: `${owner}/${repo}`, create: 'public', mode });
  const parcel = await hub.parcel({ 'index.html': 'one' });
  return value(await github.publish(parcel, config, hub.context())).undo as Undo;
}

async function addAsset({ repos }: Witness, at: At, { release: release_id }: Undo): Promise<void> {
  const { upload_url: url } = (await repos.getRelease({ ...at, release_id })).data;
  await repos.uploadReleaseAsset({ ...at, release_id, url, name: 'mine.txt', data: 'mine' });
}

/** Commits a file of a person onto a branch that stands at a commit. */
async function commitOnto(
  { git }: Witness,
  at: At,
  { branch, commit }: Pick<Undo, 'branch' | 'commit'>,
): Promise<string> {
  const { data } = await git.getCommit({ ...at, commit_sha: commit });
  const file = { path: 'mine.txt', mode: '100644', type: 'blob', content: 'mine' } as const;
  const tree = (await git.createTree({ ...at, base_tree: data.tree.sha, tree: [file] })).data.sha;
  const made = await git.createCommit({ ...at, message: 'Mine', tree, parents: [commit] });
  await git.updateRef({ ...at, ref: `heads/${branch}`, sha: made.data.sha });
  return made.data.sha;
}
