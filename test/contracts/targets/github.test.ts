import assert from 'node:assert/strict';
import * as z from 'zod';
import { github } from '../../../server/adapters/targets/github.ts';
import { kindOf, value } from '../tools/ground.ts';
import { type GithubGround, githubGround } from './githubGround.ts';
import { changesOf } from './parcels.ts';

/** One way to publish: its config, the branch where the files are seen, and how others spoil it. */
interface Case {
  readonly config: Record<string, unknown>;
  /** Whether what stood before tells which files are ours. */
  readonly deletes: boolean;
  spoil(one: GithubGround, branch: string): Promise<unknown>;
  seen(one: GithubGround, undo: { branch: string }): Promise<Record<string, string>>;
}

const cases: Record<string, Case> = {
  'pull request': {
    config: { mode: 'pull-request' },
    deletes: false,
    spoil: ({ server }, branch) => server.commit({ 'index.html': 'by a person' }, branch),
    seen: ({ server }, { branch }) => server.files(branch),
  },
  commit: {
    config: { mode: 'commit', folder: 'docs' },
    deletes: true,
    spoil: ({ server }) => server.commit({ 'docs/index.html': 'by a person' }),
    seen: async ({ server }) =>
      Object.fromEntries(
        Object.entries(await server.files('main'))
          .filter(([path]) => path.startsWith('docs/') && !path.endsWith('.json'))
          .map(([path, text]) => [path.slice('docs/'.length), text]),
      ),
  },
  pages: {
    config: { mode: 'pages' },
    deletes: true,
    spoil: ({ server }) => server.commit({ 'index.html': 'by a person' }, 'gh-pages'),
    seen: ({ server }) => server.files('gh-pages'),
  },
};

/** Names that mean something in an address, in a shell or in git. */
const odd = "日本/e\u0301 a+b%20c&d=e;f#g'h/-rf";

describe('the GitHub target', function () {
  this.timeout(60_000);

  it('refuses a wrong config, and says each field to a person', () => {
    const wrong = [
      { repository: 'x' },
      { repository: '../etc/passwd' },
      { repository: 'a/..' },
      { repository: 'a/b', api: 'http://example.org' },
      { repository: 'a/b', api: 'https://x:y@example.org' },
      { repository: 'a/b', branch: '../x' },
      { repository: 'a/b', branch: 'x..y' },
      { repository: 'a/b', folder: '../x' },
      { repository: 'a/b', folder: 'x/.GIT' },
      { repository: 'a/b', tag: 'a b' },
    ];
    for (const one of wrong) assert.ok(!github.config.safeParse(one).success, JSON.stringify(one));
    const schema = z.toJSONSchema(github.config) as { properties: Record<string, { title?: string }> };
    for (const field of Object.values(schema.properties)) assert.ok(field.title);
  });

  it('binds its token to the person and the host', () => {
    const id = (change: Record<string, string>) =>
      github.account?.(github.config.parse({ repository: 'a/b', ...change })).id;
    assert.equal(id({}), 'github api.github.com');
    assert.equal(id({ user: 'Octo' }), 'github octo@api.github.com');
    assert.equal(id({ api: 'https://git.example:8443/api/v3' }), 'github git.example:8443');
  });

  for (const [name, one] of Object.entries(cases)) {
    describe(`by ${name}`, () => {
      it('shows before what it would do, and changes nothing', async () => {
        await using hub = await githubGround();
        const config = hub.config(one.config);
        const before = await hub.server.look();
        const first = await hub.parcel({ 'index.html': 'one', 'a/b.txt': 'same', 'old.txt': 'old' });
        const plan = value(await github.plan(first, config, hub.context()));
        assert.deepEqual(changesOf(plan), {
          'a/b.txt': 'create',
          'index.html': 'create',
          'old.txt': 'create',
        });
        assert.ok(plan.effect.kind === 'publish' && plan.effect.place === 'outside');
        assert.equal(plan.preview.visibility, 'public');
        assert.ok(plan.preview.undoes && plan.preview.notes?.length);
        assert.deepEqual(await hub.server.look(), before);
      });

      it('publishes, and each publication is taken back to what stood there before', async () => {
        await using hub = await githubGround();
        const config = hub.config(one.config);
        const states = [await hub.server.look()];
        const undos: unknown[] = [];
        for (const text of ['one', 'two', 'three']) {
          const parcel = await hub.parcel({ 'index.html': text, [`${odd}/${text} ü🙂.txt`]: text, leer: '' });
          const { publication, undo } = value(await github.publish(parcel, config, hub.context()));
          assert.equal(publication.target, 'github');
          assert.ok(publication.location.startsWith(`${hub.server.url}/octo/site/`));
          const seen = await one.seen(hub, undo as { branch: string });
          for (const file of parcel.files) assert.ok(file.path in seen, file.path);
          assert.equal(seen['index.html'], text);
          assert.equal(seen.leer, '');
          if (one.deletes) assert.equal(Object.keys(seen).length, 3, 'what an earlier one put there is gone');
          undos.push(JSON.parse(JSON.stringify(undo)));
          states.push(await hub.server.look());
        }
        while (undos.length > 0) {
          states.pop();
          value(await github.unpublish(undos.at(-1), hub.context()));
          assert.deepEqual(await hub.server.look(), states.at(-1));
          value(await github.unpublish(undos.pop(), hub.context()));
          assert.deepEqual(await hub.server.look(), states.at(-1), 'taking back again changes nothing');
        }
      });

      it('takes nothing back that was changed since', async () => {
        await using hub = await githubGround();
        const parcel = await hub.parcel({ 'index.html': 'one' });
        const { undo } = value(await github.publish(parcel, hub.config(one.config), hub.context()));
        await one.spoil(hub, (undo as { branch: string }).branch);
        const before = await hub.server.look();
        assert.equal(kindOf(await github.unpublish(undo, hub.context())), 'conflict');
        assert.deepEqual(await hub.server.look(), before);
      });

      it('finds its publication again by the execution, and no other', async () => {
        await using hub = await githubGround();
        const config = hub.config(one.config);
        const parcel = await hub.parcel({ 'index.html': 'one' });
        const context = hub.context();
        assert.equal(await github.reconcile(parcel, config, context), null);
        const published = value(await github.publish(parcel, config, context));
        assert.deepEqual(await github.reconcile(parcel, config, context), published);
        assert.equal(await github.reconcile(parcel, config, hub.context()), null);
      });

      it('publishes nothing once it is aborted', async () => {
        await using hub = await githubGround();
        const parcel = await hub.parcel({ 'index.html': 'one' });
        const before = await hub.server.look();
        const context = hub.context({ signal: AbortSignal.abort() });
        assert.equal(kindOf(await github.publish(parcel, hub.config(one.config), context)), 'cancelled');
        assert.deepEqual(await hub.server.look(), before);
      });
    });
  }
});
