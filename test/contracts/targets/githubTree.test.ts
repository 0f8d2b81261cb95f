import assert from 'node:assert/strict';
import { github } from '../../../server/adapters/targets/github.ts';
import { kindOf, value } from '../tools/ground.ts';
import { githubGround } from './githubGround.ts';
import { watchMemory } from './memoryWatch.ts';
import { changesOf } from './parcels.ts';

const many = process.env.BUTLER_BIG ? 10_000 : 300;

describe('the tree of a GitHub publication', function () {
  this.timeout(process.env.BUTLER_BIG ? 900_000 : 60_000);

  const commit = { mode: 'commit' };

  it('takes no path that could mean another place, and asks nothing for that', async () => {
    await using hub = await githubGround();
    const names = [
      '../x',
      '/x',
      'a/../b',
      '.git/config',
      'a/.GIT/hooks/x',
      'git~1/config',
      '.git ./x',
      'a\\b',
      'a\nb',
    ];
    for (const name of names) {
      const parcel = {
        ...(await hub.parcel({ x: 'x' })),
        files: [{ ...(await hub.parcel({ x: 'x' })).files[0], path: name }],
      };
      const outcome = await github.publish(parcel as never, hub.config(commit), hub.context());
      assert.equal(kindOf(outcome), 'invalid', name);
    }
    for (const texts of [
      { a: 'x', A: 'y' },
      { a: 'x', 'a/b': 'y' },
    ]) {
      const outcome = await github.plan(await hub.parcel(texts), hub.config(commit), hub.context());
      assert.equal(kindOf(outcome), 'invalid');
    }
    assert.equal(hub.server.gate.asked.length, 0);
  });

  it('says the whole path of each file, so that guarded ones are asked for', async () => {
    await using hub = await githubGround();
    const parcel = await hub.parcel({ 'workflows/x.yml': 'on: push' });
    const config = hub.config({ ...commit, folder: '.github' });
    const { effect } = value(await github.plan(parcel, config, hub.context()));
    assert.ok(effect.kind === 'publish' && effect.shown.endsWith('/octo/site/tree/main/.github'));
  });

  it('takes no file that GitHub does not take, and warns of large ones', async () => {
    await using hub = await githubGround();
    const sized = async (megabytes: number) => {
      const { files, ...rest } = await hub.parcel({ 'film.mp4': 'x' });
      return { ...rest, files: files.map((file) => ({ ...file, size: megabytes * 2 ** 20 })) };
    };
    for (const act of ['plan', 'publish'] as const) {
      for (const mode of ['commit', 'pull-request', 'pages'] as const) {
        const outcome = await github[act](await sized(101), hub.config({ mode }), hub.context());
        assert.equal(kindOf(outcome), 'invalid');
        assert.match(outcome.ok ? '' : outcome.failure.what, /"film.mp4" has 101 MB/);
      }
    }
    assert.equal(hub.server.gate.asked.length, 0);
    const plan = value(await github.plan(await sized(60), hub.config(commit), hub.context()));
    assert.ok(plan.preview.notes?.some((note) => /larger than 50 MB/.test(note)));
  });

  it('never writes through a link or over what is not a file, and keeps what may be run', async () => {
    await using hub = await githubGround();
    await hub.server.commit({ 'link|120000': '/etc', 'run.sh|100755': 'old', 'folder/x': 'x', plain: 'x' });
    const before = await hub.server.look();
    for (const name of ['link', 'link/passwd', 'folder', 'plain/x', 'README.md/x']) {
      const outcome = await github.plan(await hub.parcel({ [name]: 'y' }), hub.config(commit), hub.context());
      assert.equal(kindOf(outcome), 'conflict', name);
    }
    assert.equal(
      kindOf(
        await github.plan(
          await hub.parcel({ x: 'y' }),
          hub.config({ ...commit, folder: 'link' }),
          hub.context(),
        ),
      ),
      'conflict',
    );
    const parcel = await hub.parcel({ 'run.sh': 'new' });
    const { undo } = value(await github.publish(parcel, hub.config(commit), hub.context()));
    assert.equal((await hub.server.files('main'))['run.sh'], '100755 new');
    value(await github.unpublish(undo, hub.context()));
    assert.deepEqual(await hub.server.look(), before);
  });

  it('lets a file become a folder and a folder a file, where both are ours', async () => {
    await using hub = await githubGround();
    const config = hub.config({ ...commit, folder: 'docs' });
    for (const texts of [{ a: 'file', 'b/c': 'in' }, { 'a/d': 'in', b: 'file' }, { a: 'again' }]) {
      value(await github.publish(await hub.parcel(texts), config, hub.context()));
      const files = await hub.server.files('main');
      const ours = Object.entries(files).filter(([path]) => /^docs\/[^.]/.test(path));
      const wanted = Object.entries(texts).map(([path, text]) => [`docs/${path}`, text]);
      assert.deepEqual(Object.fromEntries(ours), Object.fromEntries(wanted));
    }
  });

  it('deletes nothing that is not ours, whatever the marker says', async () => {
    await using hub = await githubGround();
    const marker = {
      about: '',
      files: ['../README.md', 'x/../../README.md', '/etc', 'kept.txt', 'gone.txt'],
    };
    await hub.server.commit({
      'docs/.butler-publish.json': JSON.stringify(marker),
      'docs/others.txt': 'mine',
    });
    const config = hub.config({ ...commit, folder: 'docs' });
    const parcel = await hub.parcel({ 'kept.txt': 'x' });
    const plan = value(await github.plan(parcel, config, hub.context()));
    assert.deepEqual(changesOf(plan), { 'kept.txt': 'create' });
    value(await github.publish(parcel, config, hub.context()));
    const files = await hub.server.files('main');
    assert.equal(files['README.md'], '# site\n');
    assert.equal(files['docs/others.txt'], 'mine');
  });

  it('keeps CNAME and .nojekyll of Pages, and tells where they are served', async () => {
    await using hub = await githubGround();
    const config = hub.config({ mode: 'pages' });
    const plan = value(await github.plan(await hub.parcel({ x: 'x' }), config, hub.context()));
    assert.ok(plan.preview.notes?.some((note) => /do not serve/.test(note)));
    value(await github.publish(await hub.parcel({ 'index.html': 'one' }), config, hub.context()));
    await hub.server.commit({ CNAME: 'example.invalid', '.nojekyll': '', 'other.txt': 'x' }, 'gh-pages');
    hub.server.sites.set('site', { html_url: 'https://octo.example/site/', public: true });
    const next = await hub.parcel({ 'index.html': 'two' });
    assert.deepEqual(changesOf(value(await github.plan(next, config, hub.context()))), {
      'index.html': 'update',
      'other.txt': 'delete',
    });
    const { publication } = value(await github.publish(next, config, hub.context()));
    assert.equal(publication.location, 'https://octo.example/site/');
    assert.deepEqual(await hub.server.files('gh-pages'), {
      '.nojekyll': '',
      CNAME: 'example.invalid',
      'index.html': 'two',
    });
  });

  it(`sends ${many} files in few requests, and then only what changed`, async () => {
    await using hub = await githubGround();
    const texts = Object.fromEntries(
      Array.from({ length: many }, (_, at) => [`f${at % 50}/${at}.txt`, `file ${at}`]),
    );
    const config = hub.config({ mode: 'pages' });
    using memory = watchMemory();
    const begun = performance.now();
    value(await github.publish(await hub.parcel(texts), config, hub.context()));
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    assert.ok(hub.server.gate.asked.length < 20 + many / 100);
    const { asked } = hub.server.gate;
    const commits = asked.filter(({ method, path }) => method === 'POST' && path.endsWith('/git/commits'));
    assert.equal(commits.length, 1);
    if (process.env.BUTLER_BIG)
      console.log(`      github: ${many} files in ${seconds} s, ${memory.grown()} MiB more, with the server`);
    const from = asked.length;
    texts['f0/0.txt'] = 'changed';
    value(await github.publish(await hub.parcel(texts), config, hub.context()));
    const sent = asked.slice(from).map(({ body }) => body.toString('utf8'));
    const contents = sent.flatMap((body) =>
      [...body.matchAll(/"content":"([^"]*)"/g)].map((match) => match[1]),
    );
    assert.deepEqual(contents, ['changed']);
  });

  it('sends bytes of every kind so that git calls them the same', async () => {
    await using hub = await githubGround();
    const all = Uint8Array.from({ length: 70_000 }, (_, at) => (at * 7919) % 256);
    const kinds = [
      all,
      Buffer.from('\ufeffmark'),
      Buffer.from('a\0b'),
      Buffer.from('a\r\nb\r'),
      Buffer.from('\u{1f600}\ufffe'),
    ];
    const files = await Promise.all(
      kinds.map(async (bytes, at) => ({
        path: `${at}.bin`,
        digest: await hub.ground.blobs.put(bytes),
        size: bytes.length,
        mime: 'application/octet-stream',
      })),
    );
    const parcel = { deliverable: 'd', title: 'Bytes', files };
    value(await github.publish(parcel, hub.config(commit), hub.context()));
    const plan = value(await github.plan(parcel, hub.config(commit), hub.context()));
    assert.deepEqual(new Set(Object.values(changesOf(plan))), new Set(['unchanged']));
  });
});
