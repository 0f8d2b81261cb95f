import assert from 'node:assert/strict';
import * as z from 'zod';
import { type Ground, kindOf, makeGround, value } from '../tools/ground.ts';
import { changesOf, parcelOf } from './parcels.ts';
import { remoteBigSuite } from './remoteBigSuite.ts';
import { remoteCallOffSuite } from './remoteCallOffSuite.ts';
import { digestOf, looksLike, type RemoteCase, type RemoteServer, type Spot, spotOf } from './remoteCase.ts';
import { remoteCutSuite } from './remoteCutSuite.ts';
import { remoteFaultSuite } from './remoteFaultSuite.ts';
import { remoteKillSuite } from './remoteKillSuite.ts';
import { remoteOthersSuite } from './remoteOthersSuite.ts';

/** What every target that publishes into a remote folder must do, against a real server. */
export function remoteSuite(one: RemoteCase): void {
  describe(`${one.name}, a remote folder`, function () {
    this.timeout(120_000);
    let server: RemoteServer;
    before(async () => {
      server = await one.start();
    });
    after(() => server?.close());
    const { target } = one;
    const inSpot = async (work: (spot: Spot, ground: Ground) => Promise<void>) => {
      await using ground = await makeGround();
      await work(spotOf(one, server, ground), ground);
    };
    const publish = async (spot: Spot, ground: Ground, texts: Record<string, string>) =>
      value(await target.publish(await parcelOf(ground, texts), spot.config, spot.context()));

    it('refuses a wrong config, and says each field to a person', () => {
      assert.ok(!target.config.safeParse(one.wrongConfig).success);
      const schema = z.toJSONSchema(target.config) as {
        properties: Record<string, { title?: string; description?: string }>;
      };
      for (const field of Object.values(schema.properties)) assert.ok(field.title && field.description);
    });

    it('shows before publishing what would be created, updated, deleted and left', () =>
      inSpot(async (spot, ground) => {
        const first = await parcelOf(ground, { 'index.html': 'one', 'a/b.txt': 'same', 'old.txt': 'old' });
        const plan = value(await target.plan(first, spot.config, spot.context()));
        assert.deepEqual(changesOf(plan), {
          'a/b.txt': 'create',
          'index.html': 'create',
          'old.txt': 'create',
        });
        assert.equal(plan.effect.kind === 'publish' && plan.effect.place, 'outside');
        assert.ok(plan.preview.undoes);
        assert.equal(plan.preview.visibility, 'server');
        assert.deepEqual(await server.snapshot(spot.folder), {}, 'planning changes nothing');
        value(await target.publish(first, spot.config, spot.context()));
        const second = await parcelOf(ground, { 'index.html': 'two', 'a/b.txt': 'same', 'new.txt': 'new' });
        assert.deepEqual(changesOf(value(await target.plan(second, spot.config, spot.context()))), {
          'a/b.txt': 'unchanged',
          'index.html': 'update',
          'new.txt': 'create',
          'old.txt': 'delete',
        });
      }));

    it('publishes, and each publication is taken back to what stood there before it', () =>
      inSpot(async (spot, ground) => {
        await server.put(spot.folder, 'CNAME', 'mine');
        await server.put(spot.folder, 'index.html', 'theirs');
        const states = [await spot.standing()];
        const undos: unknown[] = [];
        const versions = new Set<string>();
        for (const text of ['one', 'two', 'three']) {
          const texts = { 'index.html': text, [`${text}/page.txt`]: text, 'same.txt': 'same' };
          const { publication, undo } = await publish(spot, ground, texts);
          assert.equal(publication.target, target.name);
          assert.equal(publication.entry, 'index.html');
          assert.equal(publication.url, undefined, 'nobody said where people see it');
          assert.equal(publication.visibility, 'server');
          assert.match(publication.version, /^[0-9a-f]{64}$/);
          assert.ok(publication.undoes);
          versions.add(publication.version);
          undos.push(JSON.parse(JSON.stringify(undo)));
          states.push(await spot.standing());
          assert.deepEqual(
            states.at(-1),
            { ...looksLike(await parcelOf(ground, texts)), CNAME: digestOf('mine') },
            'exactly this stands there',
          );
          assert.deepEqual(await spot.traces(), []);
        }
        assert.equal(versions.size, 3, 'each publication is a version of its own');
        while (undos.length > 0) {
          states.pop();
          value(await target.unpublish(undos.pop(), spot.context()));
          assert.deepEqual(await spot.standing(), states.at(-1));
        }
        assert.deepEqual(await server.snapshot(spot.folder), states[0], 'and nothing of ours is left');
      }));

    it('tells where everybody sees its first page, where the config says so', () =>
      inSpot(async (spot, ground) => {
        const shown = { ...(spot.config as object), url: 'https://people.example.org/site' };
        const config = target.config.parse(shown);
        const parcel = await parcelOf(ground, { 'a.txt': 'a', 'docs/index.html': 'one' });
        const plan = value(await target.plan(parcel, config, spot.context()));
        assert.equal(plan.preview.visibility, 'public');
        const { publication } = value(await target.publish(parcel, config, spot.context()));
        assert.equal(publication.url, 'https://people.example.org/site/docs/index.html');
        assert.equal(publication.visibility, 'public');
      }));

    it('makes the folder that is not there, and takes it away again', () =>
      inSpot(async (spot, ground) => {
        const { undo } = await publish(spot, ground, { 'deep/er/page.html': 'x', 'empty.txt': '' });
        assert.deepEqual(await spot.standing(), {
          'deep/er/page.html': digestOf('x'),
          'empty.txt': digestOf(''),
        });
        value(await target.unpublish(undo, spot.context()));
        value(await target.unpublish(undo, spot.context()));
        assert.deepEqual(await server.snapshot(spot.folder), {});
      }));

    it('takes nothing back that was changed since', () =>
      inSpot(async (spot, ground) => {
        const { undo } = await publish(spot, ground, { 'index.html': 'one' });
        await server.put(spot.folder, 'index.html', 'by a person');
        const before = await server.snapshot(spot.folder);
        assert.equal(kindOf(await target.unpublish(undo, spot.context())), 'conflict');
        assert.deepEqual(await server.snapshot(spot.folder), before);
      }));

    it('takes back only the publication that still stands there', () =>
      inSpot(async (spot, ground) => {
        const { undo } = await publish(spot, ground, { 'index.html': 'one' });
        await publish(spot, ground, { 'index.html': 'two' });
        assert.equal(kindOf(await target.unpublish(undo, spot.context())), 'conflict');
      }));

    it('keeps what others changed there, and gives it back', () =>
      inSpot(async (spot, ground) => {
        await publish(spot, ground, { 'index.html': 'one', 'gone.txt': 'one' });
        await server.put(spot.folder, 'index.html', 'by a person');
        await server.put(spot.folder, 'gone.txt', 'by a person too');
        const before = await spot.standing();
        const parcel = await parcelOf(ground, { 'index.html': 'two' });
        const plan = value(await target.plan(parcel, spot.config, spot.context()));
        assert.ok(plan.preview.notes?.some((note) => note.includes('index.html')));
        const { undo } = value(await target.publish(parcel, spot.config, spot.context()));
        assert.deepEqual(await spot.standing(), { 'index.html': digestOf('two') });
        value(await target.unpublish(undo, spot.context()));
        assert.deepEqual(await spot.standing(), before);
      }));

    it('finds its publication again by the execution, and no other', () =>
      inSpot(async (spot, ground) => {
        const parcel = await parcelOf(ground, { 'index.html': 'one' });
        const context = spot.context();
        assert.equal(await target.reconcile(parcel, spot.config, context), null);
        const published = value(await target.publish(parcel, spot.config, context));
        assert.deepEqual(await target.reconcile(parcel, spot.config, context), published);
        assert.equal(await target.reconcile(parcel, spot.config, spot.context()), null);
      }));

    it('lets a file become a folder and a folder a file', () =>
      inSpot(async (spot, ground) => {
        await publish(spot, ground, { a: 'file', 'b/c/d.txt': 'folder' });
        const before = await spot.standing();
        const { undo } = await publish(spot, ground, { 'a/x.txt': 'folder', b: 'file' });
        assert.deepEqual(await spot.standing(), { 'a/x.txt': digestOf('folder'), b: digestOf('file') });
        value(await target.unpublish(undo, spot.context()));
        assert.deepEqual(await spot.standing(), before);
      }));

    remoteFaultSuite(one, () => server);
    remoteOthersSuite(one, () => server);
    remoteCutSuite(one, () => server);
    remoteCallOffSuite(one, () => server);
    remoteKillSuite(one, () => server);
    remoteBigSuite(one, () => server);
  });
}
