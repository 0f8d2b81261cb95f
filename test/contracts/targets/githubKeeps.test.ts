import assert from 'node:assert/strict';
import { github } from '../../../server/adapters/targets/github.ts';
import { kindOf, value } from '../tools/ground.ts';
import { type GithubGround, githubGround } from './githubGround.ts';

const at = { owner: 'octo', repo: 'site' };

describe('taking back a publication to GitHub', function () {
  this.timeout(60_000);

  it('keeps a branch that came with it once others committed to it, though its files are the same', async () => {
    await using hub = await githubGround();
    const { undo } = await published(hub, { mode: 'pages' });
    const { git } = hub.server.witness;
    const ours = (await git.getRef({ ...at, ref: 'heads/gh-pages' })).data.object.sha;
    const { tree } = (await git.getCommit({ ...at, commit_sha: ours })).data;
    const file = { path: 'mine.txt', mode: '100644', type: 'blob', content: 'mine' } as const;
    const more = (await git.createTree({ ...at, base_tree: tree.sha, tree: [file] })).data.sha;
    let head = ours;
    for (const one of [more, tree.sha]) {
      const made = await git.createCommit({ ...at, message: 'Mine', tree: one, parents: [head] });
      head = made.data.sha;
    }
    await git.updateRef({ ...at, ref: 'heads/gh-pages', sha: head });
    const before = await hub.server.look();
    assert.equal(kindOf(await github.unpublish(undo, hub.context())), 'conflict');
    assert.deepEqual(await hub.server.look(), before);
  });

  it('takes a branch away that came with it when all later ones were taken back', async () => {
    await using hub = await githubGround();
    const before = await hub.server.look();
    const first = await published(hub, { mode: 'pages' });
    const second = await published(hub, { mode: 'pages' }, 'two');
    value(await github.unpublish(second.undo, hub.context()));
    value(await github.unpublish(first.undo, hub.context()));
    assert.deepEqual(await hub.server.look(), before);
  });

  it('keeps the tag of a release that somebody made in place of ours', async () => {
    await using hub = await githubGround();
    const { undo } = await published(hub, { mode: 'release', tag: 'v1' });
    const { repos } = hub.server.witness;
    const { release } = undo as { release: number };
    await repos.deleteRelease({ ...at, release_id: release });
    await repos.createRelease({ ...at, tag_name: 'v1', body: 'mine' });
    const before = await hub.server.look();
    assert.equal(kindOf(await github.unpublish(undo, hub.context())), 'conflict');
    assert.deepEqual(await hub.server.look(), before);
  });
});

describe('a rule for pull requests to a branch', () => {
  it('names no commit on it: their addresses differ', async () => {
    await using hub = await githubGround();
    const parcel = await hub.parcel({ 'index.html': 'one' });
    const addresses = [];
    for (const mode of ['pull-request', 'commit']) {
      const config = hub.config({ mode, folder: 'docs' });
      const { effect } = value(await github.plan(parcel, config, hub.context()));
      addresses.push(effect.kind === 'publish' && effect.path);
    }
    const site = `${hub.server.url}/octo/site`;
    assert.deepEqual(addresses, [`${site}/compare/main/docs`, `${site}/tree/main/docs`]);
  });
});

async function published(hub: GithubGround, change: Record<string, unknown>, text = 'one') {
  const parcel = await hub.parcel({ 'index.html': text });
  return value(await github.publish(parcel, hub.config(change), hub.context()));
}
