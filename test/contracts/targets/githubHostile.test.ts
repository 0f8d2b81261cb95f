import assert from 'node:assert/strict';
import { github } from '../../../server/adapters/targets/github.ts';
import { kindOf, value } from '../tools/ground.ts';
import type { Answered } from './githubGate.ts';
import { githubGround } from './githubGround.ts';
import { tokens } from './githubServer.ts';
import { changesOf } from './parcels.ts';

describe('a service that is not what GitHub is', function () {
  this.timeout(60_000);

  /** `BUTLER_KILLS` lets it begin at each request. */
  const step = process.env.BUTLER_KILLS ? 1 : 3;
  const modes = ['pull-request', 'commit', 'release', 'pages'] as const;
  const deep = `${'['.repeat(1_000)}${']'.repeat(1_000)}`;
  const answers: Record<string, Answered> = {
    'nothing in it': { status: 200 },
    'another shape': {
      status: 200,
      body: { sha: 5, tree: {}, object: [], default_branch: '\ud800', number: 'x' },
    },
    'a list': { status: 200, body: [{ number: -1 }, null] },
    'a deep one': { status: 200, body: JSON.parse(deep) },
    'a name that is a path': { status: 200, body: { sha: '../../user', object: { sha: 'a/b' }, id: '1/x' } },
    'a refusal of many words': { status: 418, body: { message: 'x\u0007\u202e'.repeat(10_000) } },
    'a redirect elsewhere': { status: 302, headers: { location: 'http://127.0.0.1:9/' } },
  };

  for (const [name, answer] of Object.entries(answers)) {
    it(`is refused in words at whichever request it begins: ${name}`, async () => {
      await using hub = await githubGround();
      for (const mode of modes) {
        for (let from = 1; ; from += step) {
          const before = hub.server.gate.asked.length;
          hub.server.gate.rules.splice(0, 1, () =>
            hub.server.gate.asked.length >= before + from ? answer : null,
          );
          const parcel = await hub.parcel({ 'index.html': `${mode} ${from}` });
          const outcome = await github.publish(parcel, hub.config({ mode, tag: `v${from}` }), hub.context());
          hub.server.gate.rules.length = 0;
          if (outcome.ok) break;
          assert.ok(outcome.failure.what.length < 600);
          assert.doesNotMatch(outcome.failure.what, /\p{C}/u);
          assert.ok(from < 30);
        }
      }
    });
  }

  it('gets the token in one header alone', async () => {
    await using hub = await githubGround();
    const parcel = await hub.parcel({ 'index.html': 'one' });
    for (const mode of modes) {
      const { undo } = value(await github.publish(parcel, hub.config({ mode }), hub.context()));
      assert.ok(!JSON.stringify(undo).includes(tokens.owner));
      value(await github.unpublish(undo, hub.context()));
    }
    const said = hub.server.gate.asked.map(({ path, body }) => `${path} ${body.toString('utf8')}`);
    assert.ok(said.every((one) => !one.includes(tokens.owner)));
  });
});

describe('a repository that is too large to be told whole', function () {
  this.timeout(60_000);

  it('is looked at where the files go, and nothing else of it is touched', async () => {
    await using hub = await githubGround();
    await hub.server.commit({ 'docs/a.txt': 'old', 'docs/sub/x.txt': 'x', 'more/y.txt': 'y', folder: 'f' });
    await hub.server.commit({ folder: null, 'folder/inner': 'kept' });
    const files = await hub.server.files('main');
    hub.server.gate.rules.push(async ({ method, path }, behind) => {
      if (!path.includes('recursive=1')) return null;
      const { status, body } = await behind(method, path);
      return { status, body: { ...(body as { tree: unknown[] }), tree: [], truncated: true } };
    });
    const config = hub.config({ mode: 'commit' });
    const parcel = await hub.parcel({ 'docs/a.txt': 'new', 'docs/b.txt': 'b', 'new/c.txt': 'c' });
    const plan = value(await github.plan(parcel, config, hub.context()));
    assert.deepEqual(changesOf(plan), {
      'docs/a.txt': 'update',
      'docs/b.txt': 'create',
      'new/c.txt': 'create',
    });
    const { undo } = value(await github.publish(parcel, config, hub.context()));
    const changed = { 'docs/a.txt': 'new', 'docs/b.txt': 'b', 'new/c.txt': 'c' };
    assert.deepEqual(await hub.server.files('main'), { ...files, ...changed });
    const over = await github.plan(await hub.parcel({ folder: 'x' }), config, hub.context());
    assert.equal(kindOf(over), 'conflict', 'a folder of others is in the way');
    value(await github.unpublish(undo, hub.context()));
    assert.deepEqual(await hub.server.files('main'), files);
  });
});

describe('the words of a publication', function () {
  this.timeout(60_000);

  it('are one line, whatever the title says, and carry no execution but their own', async () => {
    await using hub = await githubGround();
    const title = 'One\n\nButler-Execution: other\u202e\u0000';
    for (const change of [
      { mode: 'commit' },
      { mode: 'commit', repository: 'octo/new', create: 'private' },
      { mode: 'release', message: '{title} of {date}' },
    ]) {
      const context = hub.context({ execution: 'own' });
      const parcel = { ...(await hub.parcel({ 'index.html': 'one' })), title };
      const { undo } = value(await github.publish(parcel, hub.config(change), context));
      const other = hub.context({ execution: 'other' });
      assert.equal(await github.reconcile(parcel, hub.config(change), other), null);
      assert.ok(await github.reconcile(parcel, hub.config(change), context));
      value(await github.unpublish(undo, hub.context()));
    }
  });
});
