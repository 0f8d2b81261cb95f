import assert from 'node:assert/strict';
import { github } from '../../../server/adapters/targets/github.ts';
import type { Outcome } from '../../../server/protocol/failure.ts';
import { kindOf, value } from '../tools/ground.ts';
import { type GithubGround, githubGround } from './githubGround.ts';
import { tokens } from './githubServer.ts';

describe('the repository of the GitHub target', function () {
  this.timeout(60_000);

  const modes = ['pull-request', 'commit', 'release', 'pages'] as const;
  const publish = async (hub: GithubGround, change: Record<string, unknown> = {}, context = hub.context()) =>
    github.publish(await hub.parcel({ 'index.html': 'one' }), hub.config(change), context);

  for (const mode of modes) {
    it(`is created when it is missing, and goes when the publication is taken back (${mode})`, async () => {
      await using hub = await githubGround();
      const change = { repository: 'octo/new', create: 'private', mode };
      const parcel = await hub.parcel({ 'index.html': 'one' });
      const plan = value(await github.plan(parcel, hub.config(change), hub.context()));
      assert.match(plan.preview.notes?.join(' ') ?? '', /will be created, private/);
      assert.equal(await hub.server.look('new'), null);
      const context = hub.context();
      const { publication, undo } = value(await github.publish(parcel, hub.config(change), context));
      assert.equal(publication.visibility, 'private');
      assert.equal(
        (await github.reconcile(parcel, hub.config(change), context))?.publication.version,
        publication.version,
      );
      value(await github.unpublish(undo, hub.context()));
      assert.equal(await hub.server.look('new'), null);
      value(await github.unpublish(undo, hub.context()));
    });
  }

  it('stays when something else came into it', async () => {
    await using hub = await githubGround();
    const { undo } = value(await publish(hub, { repository: 'octo/new', create: 'public', mode: 'commit' }));
    await hub.server.witness.issues.create({ owner: 'octo', repo: 'new', title: 'By a person' });
    value(await github.unpublish(undo, hub.context()));
    assert.deepEqual(Object.keys(await hub.server.files('main', 'new')), ['README.md']);
  });

  it('serves its website where it is public, and no longer when that is taken back', async () => {
    await using hub = await githubGround();
    for (const create of ['public', 'private']) {
      const change = { repository: 'octo/new', create, mode: 'pages' };
      const parcel = await hub.parcel({ 'index.html': 'one' });
      const plan = value(await github.plan(parcel, hub.config(change), hub.context()));
      const isOpen = create === 'public';
      assert.equal(/Pages are switched on/.test(plan.preview.notes?.join(' ') ?? ''), isOpen);
      const { publication, undo } = value(await publish(hub, change));
      assert.equal(publication.location === 'https://octo.example/new/', isOpen);
      assert.equal(hub.server.sites.has('new'), isOpen);
      await hub.server.witness.issues.create({ owner: 'octo', repo: 'new', title: 'By a person' });
      value(await github.unpublish(undo, hub.context()));
      assert.ok(!hub.server.sites.has('new'));
      await hub.server.witness.repos.delete({ owner: 'octo', repo: 'new' });
    }
  });

  it('gets its first commit by a commit or a website where it is empty, and says what else needs one', async () => {
    await using hub = await githubGround();
    const parcel = await hub.parcel({ 'index.html': 'one' });
    for (const mode of ['commit', 'pages'] as const) {
      const repository = `octo/empty-${mode}`;
      await hub.server.witness.repos.createForAuthenticatedUser({ name: `empty-${mode}` });
      const config = hub.config({ repository, mode });
      const plan = value(await github.plan(parcel, config, hub.context()));
      assert.match(plan.preview.notes?.join(' ') ?? '', /first commit/);
      assert.equal(kindOf(await publish(hub, { repository })), 'conflict');
      const { undo } = value(await github.publish(parcel, config, hub.context()));
      const branch = mode === 'pages' ? 'gh-pages' : 'main';
      assert.ok('index.html' in (await hub.server.files(branch, `empty-${mode}`)));
      value(await github.unpublish(undo, hub.context()));
      assert.deepEqual(await hub.server.look(`empty-${mode}`), {
        branches: { main: { 'README.md': `# empty-${mode}\n` } },
        pulls: [],
        releases: [],
        tags: [],
      });
    }
  });

  it('stays where the token may not delete it, and that is said', async () => {
    await using hub = await githubGround();
    const { undo } = value(await publish(hub, { repository: 'octo/new', create: 'public', mode: 'pages' }));
    hub.server.gate.rules.push(({ method, path }) =>
      method === 'DELETE' && path === '/repos/octo/new'
        ? { status: 403, body: { message: 'No admin' } }
        : null,
    );
    const outcome = await github.unpublish(undo, hub.context());
    assert.ok(!outcome.ok && /may not delete the repository octo\/new/.test(outcome.failure.what));
    const left = (await hub.server.look('new')) as { branches: object };
    assert.deepEqual(Object.keys(left.branches), ['main']);
  });

  it('goes again when what comes after its creation fails', async () => {
    await using hub = await githubGround();
    hub.server.gate.rules.push(({ path }) =>
      path.endsWith('/git/commits') ? { status: 422, body: { message: 'No' } } : null,
    );
    const outcome = await publish(hub, { repository: 'octo/new', create: 'public' });
    assert.equal(kindOf(outcome), 'conflict');
    assert.equal(await hub.server.look('new'), null);
  });

  it('is refused in words where it is missing, not for the token to write to, archived or renamed', async () => {
    await using hub = await githubGround();
    const { rules } = hub.server.gate;
    assert.equal(kindOf(await publish(hub, { repository: 'octo/none' })), 'notFound');
    const guest = hub.context({ credential: async () => ({ token: tokens.guest }) });
    assert.equal(kindOf(await publish(hub, { mode: 'commit' }, guest)), 'denied');
    rules.push(async ({ method, path }, behind) => {
      if (method !== 'GET' || path !== '/repos/octo/site') return null;
      const { body } = await behind(method, path);
      return { status: 200, body: { ...(body as object), archived: true } };
    });
    assert.match(wordsOf(await publish(hub)), /archived/);
    rules.splice(0, 1, () => ({ status: 301, headers: { location: 'http://127.0.0.1:1/elsewhere' } }));
    assert.match(wordsOf(await publish(hub)), /another name/);
    assert.deepEqual(await hub.server.look(), await hub.server.look());
  });

  it('is asked nothing before the account is connected', async () => {
    await using hub = await githubGround(null);
    assert.equal(kindOf(await publish(hub)), 'auth');
    const parcel = await hub.parcel({ 'index.html': 'one' });
    assert.equal(kindOf(await github.plan(parcel, hub.config(), hub.context())), 'auth');
    await assert.rejects(github.reconcile(parcel, hub.config(), hub.context()));
    const findings = await github.check?.(hub.config(), hub.context());
    assert.ok(findings?.some((one) => !one.good && /not connected/.test(one.what)));
    assert.equal(hub.server.gate.asked.length, 0);
  });

  it('tells a token that is not valid, and one whose text is none', async () => {
    for (const token of ['wrong', 'two\nlines', 'ü']) {
      await using hub = await githubGround(token);
      const outcome = await publish(hub);
      assert.equal(kindOf(outcome), 'auth');
      assert.ok(!JSON.stringify(outcome).includes(token));
    }
  });

  it('tells when a limit ends', async () => {
    await using hub = await githubGround();
    const { rules } = hub.server.gate;
    const limits = [
      [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '2000' }, 403, 2_000_000],
      [{ 'retry-after': '60' }, 403, 60_001],
      [{ 'retry-after': '60' }, 429, 60_001],
      [{ 'x-ratelimit-remaining': '4000', 'x-ratelimit-reset': '2000' }, 403, 60_001],
    ] as const;
    for (const [headers, status, until] of limits) {
      rules.splice(0, 1, () => ({ status, headers, body: { message: 'API rate limit exceeded' } }));
      const outcome = await publish(hub);
      assert.ok(!outcome.ok && outcome.failure.kind === 'limited');
      assert.equal(outcome.failure.until, until);
    }
  });

  it('is checked without writing: token, rights, branch, protection, website and limit', async () => {
    await using hub = await githubGround();
    const before = await hub.server.look();
    const told = async (change: Record<string, unknown>, context = hub.context()) =>
      ((await github.check?.(hub.config(change), context)) ?? []).map(
        (one) => `${one.good ? '+' : '-'} ${one.what}`,
      );
    const all = await told({ mode: 'commit' });
    for (const what of [
      '+ The token is that of octo.',
      '+ octo/site is there and public.',
      '+ The branch "main"',
    ]) {
      assert.ok(
        all.some((one) => one.startsWith(what)),
        what,
      );
    }
    assert.ok(all.some((one) => /requests of this hour/.test(one)));
    assert.ok((await told({ user: 'other' })).includes('- It is not that of other.'));
    assert.ok((await told({ branch: 'none' })).includes('- There is no branch "none".'));
    assert.ok(
      (await told({ repository: 'octo/none' })).some((one) => one.startsWith('- There is no repository')),
    );
    assert.ok((await told({ mode: 'pages' })).some((one) => one.startsWith('- GitHub Pages are not')));
    const guest = hub.context({ credential: async () => ({ token: tokens.guest }) });
    assert.ok((await told({}, guest)).some((one) => one.startsWith('- You may not write')));
    assert.deepEqual(await hub.server.look(), before);
  });
});

function wordsOf(outcome: Outcome<unknown>): string {
  return outcome.ok ? 'ok' : outcome.failure.what;
}
