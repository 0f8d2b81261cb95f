import assert from 'node:assert/strict';
import { gist } from '../../../server/adapters/targets/gist.ts';
import { github } from '../../../server/adapters/targets/github.ts';
import type { Target } from '../../../server/core/ports/target.ts';
import { kindOf, value } from '../tools/ground.ts';
import { gistRule, type KeptGist } from './gistServer.ts';
import type { Asked } from './githubGate.ts';
import { githubGround } from './githubGround.ts';

type Act = (asked: Asked) => boolean;
const acts: Record<string, { target: Target; config: Record<string, unknown>; act: Act }> = {
  'a new gist': {
    target: gist as Target,
    config: {},
    act: ({ method, path }) => method === 'POST' && path === '/gists',
  },
  'a branch for a pull request': {
    target: github as Target,
    config: {},
    act: ({ method, path }) => method === 'POST' && path.endsWith('/git/refs'),
  },
  'a pull request': {
    target: github as Target,
    config: {},
    act: ({ method, path }) => method === 'POST' && path.endsWith('/pulls'),
  },
  'a commit on the branch': {
    target: github as Target,
    config: { mode: 'commit' },
    act: ({ method }) => method === 'PATCH',
  },
  'a draft of a release': {
    target: github as Target,
    config: { mode: 'release', tag: 'v1' },
    act: ({ method, path }) => method === 'POST' && path.endsWith('/releases'),
  },
  'a release that is shown': {
    target: github as Target,
    config: { mode: 'release', tag: 'v1' },
    act: ({ method }) => method === 'PATCH',
  },
  'a new repository': {
    target: github as Target,
    config: { mode: 'commit', repository: 'octo/new', create: 'public' },
    act: ({ method, path }) => method === 'POST' && path === '/user/repos',
  },
};

describe('a publication to GitHub whose end was not told', function () {
  this.timeout(60_000);

  for (const [name, { target, config: given, act }] of Object.entries(acts)) {
    it(`is taken up where the network goes away over ${name}, and stands once`, async () => {
      await using hub = await githubGround();
      const gists = new Map<string, KeptGist>();
      hub.server.gate.rules.push(gistRule(gists));
      const look = async () => [await hub.server.look(), await hub.server.look('new'), gists.size];
      const before = await look();
      const config = target === gist ? gist.config.parse({ api: hub.server.url }) : hub.config(given);
      const parcel = await hub.parcel({ 'index.html': 'one' });
      const context = hub.context();
      let gone = false;
      hub.server.gate.loses = (asked) => {
        if (gone) return 'before';
        gone = act(asked);
        return gone ? 'after' : null;
      };
      assert.equal(kindOf(await target.publish(parcel, config, context)), 'offline');
      await hub.server.gate.idle();
      hub.server.gate.loses = () => null;
      const { undo } = value(await target.publish(parcel, config, context));
      const stands = await look();
      value(await target.publish(parcel, config, context));
      assert.ok(await target.reconcile(parcel, config, context));
      assert.deepEqual(await look(), stands, 'asked again, it stands once');
      value(await target.unpublish(JSON.parse(JSON.stringify(undo)), hub.context()));
      assert.deepEqual(await look(), before);
    });
  }

  it('goes on when the service has a fault of its own', async () => {
    await using hub = await githubGround();
    const config = hub.config();
    const parcel = await hub.parcel({ 'index.html': 'one' });
    const context = hub.context();
    hub.server.gate.rules.push(({ method, path }) =>
      method === 'POST' && path.endsWith('/pulls') ? { status: 502 } : null,
    );
    assert.equal(kindOf(await github.publish(parcel, config, context)), 'offline');
    hub.server.gate.rules.length = 0;
    assert.ok(await github.reconcile(parcel, config, context));
    const { data } = await hub.server.witness.pulls.list({ owner: 'octo', repo: 'site', state: 'all' });
    assert.equal(data.length, 1);
  });

  it('leaves nothing where it is refused, although that could not be taken away at first', async () => {
    await using hub = await githubGround();
    const before = await hub.server.look();
    const parcel = await hub.parcel({ 'index.html': 'one' });
    const context = hub.context();
    hub.server.gate.rules.push(({ method, path }) =>
      method === 'POST' && path.endsWith('/pulls') ? { status: 403, body: { message: 'No' } } : null,
    );
    hub.server.gate.loses = ({ method }) => (method === 'DELETE' ? 'before' : null);
    assert.equal(kindOf(await github.publish(parcel, hub.config(), context)), 'offline');
    hub.server.gate.loses = () => null;
    await assert.rejects(github.reconcile(parcel, hub.config(), context));
    assert.deepEqual(await hub.server.look(), before);
    assert.equal(await github.reconcile(parcel, hub.config(), context), null);
  });

  it('is done although its answer was lost and somebody committed after it', async () => {
    await using hub = await githubGround();
    hub.server.gate.rules.push(async ({ method, path, body }, behind) => {
      if (method !== 'PATCH' || !path.includes('/git/refs/')) return null;
      const { status } = await behind(method, path, JSON.parse(body.toString('utf8')));
      if (status === 200) await hub.server.commit({ 'x.txt': 'by a person' });
      return status === 200 ? { status: 502 } : { status, body: { message: 'Update is not a fast forward' } };
    });
    const parcel = await hub.parcel({ 'index.html': 'one' });
    const { undo } = value(await github.publish(parcel, hub.config({ mode: 'commit' }), hub.context()));
    value(await github.unpublish(undo, hub.context()));
    assert.deepEqual(Object.keys(await hub.server.files('main')), ['README.md', 'x.txt']);
  });

  it('calls no commit of a person its own', async () => {
    await using hub = await githubGround();
    const parcel = await hub.parcel({ 'index.html': 'one' });
    const context = hub.context();
    const published = value(await github.publish(parcel, hub.config(), context));
    const { branch } = published.undo as { branch: string };
    const sha = await hub.server.commit({ 'x.txt': 'by a person' }, branch);
    hub.server.gate.rules.push(async ({ method, path }, behind) => {
      if (method !== 'GET' || !path.includes('/pulls?')) return null;
      const { status, body } = await behind(method, path);
      if (!Array.isArray(body)) return null;
      return { status, body: body.map((pull) => ({ ...pull, head: { ...pull.head, sha } })) };
    });
    assert.deepEqual(await github.reconcile(parcel, hub.config(), context), published);
    await hub.server.witness.git.deleteRef({ owner: 'octo', repo: 'site', ref: `heads/${branch}` });
    assert.deepEqual(await github.reconcile(parcel, hub.config(), context), published);
  });

  it('is left as it is by a worker that ends, and ended by the next one', async () => {
    await using hub = await githubGround();
    const stop = new AbortController();
    hub.server.gate.rules.push(({ path }) => {
      if (path.includes('name=b.txt')) stop.abort('leaseLost');
      return null;
    });
    const config = hub.config({ mode: 'release', tag: 'v1' });
    const parcel = await hub.parcel({ 'a.txt': 'a', 'b.txt': 'b' });
    const context = hub.context({ signal: stop.signal });
    assert.equal(kindOf(await github.publish(parcel, config, context)), 'cancelled');
    await hub.server.gate.idle();
    const left = (await hub.server.look()) as { releases: unknown };
    assert.deepEqual(left.releases, [['v1', true]]);
    const sent = hub.server.gate.asked.filter(({ path }) => path.includes('name=a.txt')).length;
    assert.ok(await github.reconcile(parcel, config, hub.context({ execution: context.execution })));
    const again = hub.server.gate.asked.filter(({ path }) => path.includes('name=a.txt')).length;
    assert.equal(again, sent, 'what arrived is not sent again');
  });
});
