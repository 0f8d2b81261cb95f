import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { github } from '../../../server/adapters/targets/github.ts';
import { skipBecause } from '../../run/countReporter.ts';
import { kindOf, makeGround, value } from '../tools/ground.ts';
import { githubGround } from './githubGround.ts';
import { watchMemory } from './memoryWatch.ts';
import { contextOf, largeParcel } from './parcels.ts';

describe('a release of the GitHub target', function () {
  this.timeout(60_000);

  const at = { owner: 'octo', repo: 'site' };
  const config = { mode: 'release', tag: 'v1' };

  it('is seen when all its assets are there, byte for byte, and goes with its tag', async () => {
    await using hub = await githubGround();
    const before = await hub.server.look();
    const parcel = await hub.parcel({ 'a.txt': 'a', 'zwei wörter.txt': 'zwei', 'c.bin': '\0\x01' });
    value(await github.plan(parcel, hub.config(config), hub.context()));
    assert.deepEqual(await hub.server.look(), before);
    const context = hub.context();
    const published = value(await github.publish(parcel, hub.config(config), context));
    assert.deepEqual(await github.reconcile(parcel, hub.config(config), context), published);
    assert.equal(await github.reconcile(parcel, hub.config(config), hub.context()), null);
    const { data } = await hub.server.witness.repos.getReleaseByTag({ ...at, tag: 'v1' });
    assert.deepEqual(data.assets.map((asset) => [asset.name, asset.label || null]).sort(), [
      ['a.txt', null],
      ['c.bin', null],
      ['zwei.w.rter.txt', 'zwei wörter.txt'],
    ]);
    assert.equal(hub.server.assets.get('c.bin'), hash('sha256', '\0\x01'));
    value(await github.unpublish(published.undo, hub.context()));
    assert.deepEqual(await hub.server.look(), before);
    value(await github.unpublish(published.undo, hub.context()));
  });

  it('takes no tag that there is, and no file that cannot be an asset', async () => {
    await using hub = await githubGround();
    const one = await hub.parcel({ 'a.txt': 'a' });
    value(await github.publish(one, hub.config(config), hub.context()));
    const before = await hub.server.look();
    assert.equal(kindOf(await github.plan(one, hub.config(config), hub.context())), 'conflict');
    assert.equal(kindOf(await github.publish(one, hub.config(config), hub.context())), 'conflict');
    const asked = hub.server.gate.asked.length;
    for (const texts of [{ 'a/b.txt': 'x' }, { leer: '' }, { 'a b': 'x', 'a.b': 'y' }]) {
      assert.equal(
        kindOf(await github.plan(await hub.parcel(texts), hub.config(config), hub.context())),
        'invalid',
      );
    }
    const { files, ...rest } = await hub.parcel({ 'film.mp4': 'x' });
    const large = { ...rest, files: files.map((file) => ({ ...file, size: 2 ** 31 })) };
    for (const act of ['plan', 'publish'] as const) {
      const outcome = await github[act](large, hub.config(config), hub.context());
      assert.match(outcome.ok ? '' : outcome.failure.what, /"film.mp4" .* larger than 2 GB/);
    }
    assert.equal(hub.server.gate.asked.length, asked, 'nothing was asked for that');
    assert.deepEqual(await hub.server.look(), before);
  });

  it('is gone as if it never was when an asset is refused', async () => {
    await using hub = await githubGround();
    const before = await hub.server.look();
    hub.server.gate.rules.push(({ method, path }) =>
      method === 'POST' && path.includes('name=b.txt') ? { status: 403, body: { message: 'Quota' } } : null,
    );
    const parcel = await hub.parcel({ 'a.txt': 'a', 'b.txt': 'b' });
    assert.equal(kindOf(await github.publish(parcel, hub.config(config), hub.context())), 'denied');
    assert.deepEqual(await hub.server.look(), before);
  });

  it('is gone as if it never was when the job is stopped within an asset', async () => {
    await using hub = await githubGround();
    const before = await hub.server.look();
    const stop = new AbortController();
    hub.server.gate.rules.push(({ path }) => {
      if (path.includes('name=b.txt')) stop.abort('abort');
      return null;
    });
    const parcel = await hub.parcel({ 'a.txt': 'a', 'b.txt': 'b' });
    const context = hub.context({ signal: stop.signal });
    assert.equal(kindOf(await github.publish(parcel, hub.config(config), context)), 'cancelled');
    assert.deepEqual(await hub.server.look(), before);
  });

  it('keeps a tag that was moved since, and says so', async () => {
    await using hub = await githubGround();
    const parcel = await hub.parcel({ 'a.txt': 'a' });
    const { undo } = value(await github.publish(parcel, hub.config(config), hub.context()));
    const sha = await hub.server.commit({ 'x.txt': 'x' });
    await hub.server.witness.git.updateRef({ ...at, ref: 'tags/v1', sha, force: true });
    assert.equal(kindOf(await github.unpublish(undo, hub.context())), 'conflict');
    assert.equal((await hub.server.witness.git.getRef({ ...at, ref: 'tags/v1' })).data.object.sha, sha);
  });

  it('carries an asset of a gibibyte and takes it back while its memory stays flat', async function () {
    if (!process.env.BUTLER_BIG) skipBecause(this, 'it takes minutes; BUTLER_BIG=1 asks for it');
    this.timeout(1_800_000);
    await using ground = await makeGround();
    await using service = await githubApart();
    const parcel = await largeParcel(ground, 1024);
    const given = github.config.parse({ ...config, repository: 'octo/site', api: service.url });
    const context = () => ({ ...contextOf(ground), credential: async () => ({ token: service.token }) });
    using memory = watchMemory();
    const begun = performance.now();
    const { undo } = value(await github.publish(parcel, given, context()));
    const seconds = Math.round((performance.now() - begun) / 1000);
    const release = `${service.url}/repos/octo/site/releases/${(undo as { release: number }).release}`;
    const headers = { authorization: `Bearer ${service.token}` };
    const [asset] = (await (await fetch(`${release}/assets`, { headers })).json()) as { digest: string }[];
    assert.equal(asset?.digest, `sha256:${parcel.files[0]?.digest}`);
    value(await github.unpublish(undo, context()));
    assert.equal((await fetch(release, { headers })).status, 404);
    const grown = memory.grown();
    console.log(`      github: an asset of a gibibyte in ${seconds} s, ${grown} MiB more`);
    assert.ok(grown < 256, `${grown} MiB`);
  });
});

/** A service like GitHub in a process of its own, whose memory is not ours. */
async function githubApart(): Promise<AsyncDisposable & { readonly url: string; readonly token: string }> {
  const file = path.join(import.meta.dirname, '../../servers/githubProcess.ts');
  const child = spawn(process.execPath, [file], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const [line] = await once(child.stdout, 'data');
  return {
    ...JSON.parse(String(line)),
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
