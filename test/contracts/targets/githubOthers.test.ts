import assert from 'node:assert/strict';
import { github } from '../../../server/adapters/targets/github.ts';
import { kindOf, value } from '../tools/ground.ts';
import { githubGround } from './githubGround.ts';

describe('a publication to GitHub among others', function () {
  this.timeout(60_000);

  it('gives way to a commit that came first', async () => {
    await using hub = await githubGround();
    hub.server.gate.rules.push(async ({ method, path }) => {
      if (method === 'PATCH' && path.endsWith('/git/refs/heads/main'))
        await hub.server.commit({ 'x.txt': 'by a person' });
      return null;
    });
    const parcel = await hub.parcel({ 'index.html': 'one' });
    const outcome = await github.publish(parcel, hub.config({ mode: 'commit' }), hub.context());
    assert.equal(kindOf(outcome), 'conflict');
    assert.deepEqual(Object.keys(await hub.server.files('main')), ['README.md', 'x.txt']);
  });

  it('is approved anew when what it changes was changed, and only then', async () => {
    await using hub = await githubGround();
    const config = hub.config({ mode: 'commit' });
    const parcel = await hub.parcel({ 'index.html': 'one' });
    const exactly = async () =>
      JSON.stringify(value(await github.plan(parcel, config, hub.context())).exactly);
    const first = await exactly();
    await hub.server.commit({ 'other.txt': 'x' });
    assert.equal(await exactly(), first);
    await hub.server.commit({ 'index.html': 'by a person' });
    assert.notEqual(await exactly(), first);
  });

  it('tells how to revert a pull request that was merged, and leaves it', async () => {
    await using hub = await githubGround();
    const parcel = await hub.parcel({ 'index.html': 'one' });
    const { undo } = value(await github.publish(parcel, hub.config(), hub.context()));
    await hub.server.witness.pulls.merge({
      owner: 'octo',
      repo: 'site',
      pull_number: 1,
      merge_method: 'merge',
    });
    const before = await hub.server.look();
    const outcome = await github.unpublish(undo, hub.context());
    assert.ok(!outcome.ok && outcome.failure.kind === 'conflict' && /Revert/.test(outcome.failure.mend));
    assert.deepEqual(await hub.server.look(), before);
  });

  it('opens no pull request without a change, nor leaves a branch where it may not open one', async () => {
    await using hub = await githubGround();
    const same = await hub.parcel({ 'README.md': '# site\n' });
    assert.equal(kindOf(await github.plan(same, hub.config(), hub.context())), 'conflict');
    hub.server.gate.rules.push(({ method, path }) =>
      method === 'POST' && path.endsWith('/pulls')
        ? { status: 403, body: { message: 'Not\u202e accessible' } }
        : null,
    );
    const before = await hub.server.look();
    const outcome = await github.publish(await hub.parcel({ x: 'x' }), hub.config(), hub.context());
    assert.ok(!outcome.ok && outcome.failure.kind === 'denied' && !outcome.failure.what.includes('\u202e'));
    assert.deepEqual(await hub.server.look(), before);
  });

  it('takes back what it changed and leaves what others added since', async () => {
    await using hub = await githubGround();
    const config = hub.config({ mode: 'commit', folder: 'docs' });
    const { undo } = value(
      await github.publish(await hub.parcel({ 'index.html': 'one' }), config, hub.context()),
    );
    await hub.server.commit({ 'other.txt': 'by a person' });
    const elsewhere = hub.config({ mode: 'commit', folder: 'more' });
    value(await github.publish(await hub.parcel({ 'index.html': 'more' }), elsewhere, hub.context()));
    value(await github.unpublish(undo, hub.context()));
    const files = Object.keys(await hub.server.files('main')).filter((file) => !file.endsWith('.json'));
    assert.deepEqual(files.sort(), ['README.md', 'more/index.html', 'other.txt']);
  });

  it('is not taken back while a later one to the same place stands', async () => {
    await using hub = await githubGround();
    const config = hub.config({ mode: 'commit' });
    const parcel = await hub.parcel({ 'index.html': 'one' });
    const { undo } = value(await github.publish(parcel, config, hub.context()));
    value(await github.publish(parcel, config, hub.context()));
    assert.equal(kindOf(await github.unpublish(undo, hub.context())), 'conflict');
  });

  it('is done by one of two that come at once, and by the other after it or not at all', async () => {
    for (const change of [{ mode: 'commit' }, { mode: 'pages' }, { mode: 'release' }, {}]) {
      await using hub = await githubGround();
      const before = await hub.server.look();
      const outcomes = await Promise.all(
        ['one', 'two'].map(async (text) => {
          const parcel = await hub.parcel({ 'index.html': text });
          return github.publish(parcel, hub.config(change), hub.context());
        }),
      );
      const stands = outcomes.filter((outcome) => outcome.ok);
      const others = outcomes.filter((outcome) => !outcome.ok);
      assert.ok(stands.length > 0);
      for (const outcome of others) assert.equal(kindOf(outcome), 'conflict');
      for (const left of [stands, stands]) {
        for (const outcome of left) await github.unpublish(outcome.value.undo, hub.context());
      }
      assert.deepEqual(await hub.server.look(), before);
    }
  });
});
