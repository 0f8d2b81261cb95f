import assert from 'node:assert/strict';
import type { Parcel } from '../../../server/core/ports/target.ts';
import { skipBecause } from '../../run/countReporter.ts';
import { type Ground, kindOf, makeGround, value } from '../tools/ground.ts';
import { parcelOf } from './parcels.ts';
import { looksLike, type RemoteCase, type RemoteServer, type Spot, spotOf } from './remoteCase.ts';

/** Names, sizes and people that a target must cope with. */
export function remoteFaultSuite(one: RemoteCase, serverNow: () => RemoteServer): void {
  const { target } = one;
  const inSpot = async (work: (spot: Spot, ground: Ground) => Promise<void>) => {
    await using ground = await makeGround();
    await work(spotOf(one, serverNow(), ground), ground);
  };

  it('asks nothing before its account is connected', () =>
    inSpot(async (spot, ground) => {
      const parcel = await parcelOf(ground, { 'index.html': 'one' });
      const context = spot.context({ credential: async () => null });
      assert.equal(kindOf(await target.plan(parcel, spot.config, context)), 'auth');
      assert.equal(kindOf(await target.publish(parcel, spot.config, context)), 'auth');
      await assert.rejects(target.reconcile(parcel, spot.config, context));
      assert.ok(!(await target.check?.(spot.config, context))?.[0]?.good);
    }));

  it('says so when the credentials are wrong, and tells no secret', () =>
    inSpot(async (spot, ground) => {
      const parcel = await parcelOf(ground, { 'index.html': 'one' });
      const wrong = serverNow().wrong ?? one.wrong;
      assert.ok(wrong, 'each case says what is wrong there');
      const context = spot.context({ credential: async () => wrong.credential });
      const outcome = await target.publish(parcel, spot.config, context);
      assert.equal(kindOf(outcome), wrong.kind, JSON.stringify(outcome));
      const said = JSON.stringify([outcome, await target.check?.(spot.config, context)]);
      for (const [name, secret] of Object.entries(wrong.credential)) {
        if (name !== 'fingerprint' && secret.length > 5) assert.ok(!said.includes(secret), said);
      }
    }));

  it('says so when it may not write, and leaves nothing', async function () {
    const { reader } = serverNow();
    if (!reader) skipBecause(this, 'the server knows nobody who may only read');
    await using ground = await makeGround();
    const server = { ...serverNow(), ...reader };
    const spot = spotOf(one, server, ground);
    const parcel = await parcelOf(ground, { 'index.html': 'one' });
    const outcome = await target.publish(parcel, spot.config, spot.context());
    assert.equal(kindOf(outcome), 'denied', JSON.stringify(outcome));
    assert.deepEqual(await server.snapshot(spot.folder), {});
  });

  it('says so when there is no room, and leaves what stood there', async function () {
    const { full } = serverNow();
    if (!full) skipBecause(this, 'the server cannot be filled');
    await using ground = await makeGround();
    const server = { ...serverNow(), ...full };
    const spot = spotOf(one, server, ground);
    await server.put(spot.folder, 'index.html', 'theirs');
    const before = await spot.standing();
    const texts = { 'index.html': 'one', 'a.txt': 'x'.repeat(15_000), 'b.txt': 'y'.repeat(15_000) };
    const outcome = await target.publish(await parcelOf(ground, texts), spot.config, spot.context());
    assert.equal(kindOf(outcome), 'denied', JSON.stringify(outcome));
    assert.deepEqual(await spot.standing(), before);
    assert.deepEqual(await spot.traces(), []);
  });

  it('checks without writing', () =>
    inSpot(async (spot) => {
      const findings = (await target.check?.(spot.config, spot.context())) ?? [];
      assert.ok(findings.length > 0 && findings.every(({ good }) => good), JSON.stringify(findings));
      assert.match(findings.at(-1)?.what ?? '', /may write and delete there shows with the first/);
      assert.deepEqual(await serverNow().snapshot(spot.folder), {});
    }));

  it('refuses names that lead elsewhere before it does anything', () =>
    inSpot(async (spot, ground) => {
      const { digest, size, mime } = (await parcelOf(ground, { x: 'x' })).files[0] as Parcel['files'][number];
      const wrong = [
        ['../up.txt'],
        ['/root.txt'],
        ['a/../../b.txt'],
        ['a\r\nDELE b'],
        ['a\u0000b'],
        ['a\\b'],
        ['Page.html', 'page.html'],
        ['é.txt', 'e\u0301.txt'],
        ['a', 'a/b.txt'],
        ['x'.repeat(300)],
        ['é'.repeat(200)],
        ['.butler-publish.json'],
        ['.butler-publish-x.json'],
        ['\ud800.txt'],
      ];
      for (const paths of wrong) {
        const files = paths.map((path) => ({ path, digest, size, mime }));
        const parcel = { deliverable: 'd', title: 't', files };
        const shown = JSON.stringify(paths).slice(0, 60);
        assert.equal(kindOf(await target.plan(parcel, spot.config, spot.context())), 'invalid', shown);
        assert.equal(kindOf(await target.publish(parcel, spot.config, spot.context())), 'invalid', shown);
      }
      assert.deepEqual(await serverNow().snapshot(spot.folder), {});
    }));

  it('believes no marker that names what lies elsewhere or that nobody can read', () =>
    inSpot(async (spot, ground) => {
      const parcel = await parcelOf(ground, { 'index.html': 'one' });
      const digest = '0'.repeat(64);
      const marker = { about: '', execution: 'e', deliverable: 'd', time: 0, folders: [], undo: digest };
      const hostile = [
        JSON.stringify({ ...marker, files: [['../../up.txt', digest, 1, '']] }),
        JSON.stringify({ ...marker, files: [], folders: ['../up'] }),
        'nonsense',
        '',
      ];
      for (const text of hostile) {
        await serverNow().put(spot.folder, '.butler-publish.json', text);
        const before = await serverNow().snapshot(spot.folder);
        assert.equal(kindOf(await target.plan(parcel, spot.config, spot.context())), 'conflict', text);
        assert.equal(kindOf(await target.publish(parcel, spot.config, spot.context())), 'conflict', text);
        assert.deepEqual(await serverNow().snapshot(spot.folder), before);
      }
    }));

  it('goes neither through a file of others nor into the place of a folder of theirs', () =>
    inSpot(async (spot, ground) => {
      await serverNow().put(spot.folder, 'a/mine.txt', 'mine');
      await serverNow().put(spot.folder, 'b', 'mine');
      const before = await spot.standing();
      for (const texts of [{ a: 'file' }, { 'b/x.txt': 'x' }]) {
        const parcel = await parcelOf(ground, texts);
        const plan = await target.plan(parcel, spot.config, spot.context());
        const outcome = await target.publish(parcel, spot.config, spot.context());
        assert.ok(kindOf(outcome) === 'conflict' || (outcome.ok && one.flat), JSON.stringify(outcome));
        assert.equal(kindOf(plan), kindOf(outcome));
        assert.deepEqual(await spot.standing(), { ...before, ...(outcome.ok ? looksLike(parcel) : {}) });
        if (outcome.ok) value(await target.unpublish(outcome.value.undo, spot.context()));
        assert.deepEqual(await spot.standing(), before);
        assert.deepEqual(await spot.traces(), []);
      }
    }));

  it('publishes names of every script as they are, and files without a byte', () =>
    inSpot(async (spot, ground) => {
      const names = [
        '日本/ページ.html',
        'grün ß.txt',
        'e\u0301 apart.txt',
        'a b+c%20d&e=f;g#h.txt',
        "o'k (1)!.txt",
        '-rf',
        '🙂.txt',
      ];
      const texts = Object.fromEntries(names.map((name) => [name, `of ${name}`]));
      const parcel = await parcelOf(ground, { ...texts, 'empty.css': '', __proto__: 'x' });
      const { undo } = value(await target.publish(parcel, spot.config, spot.context()));
      assert.deepEqual(await spot.standing(), looksLike(parcel));
      const plan = value(await target.plan(parcel, spot.config, spot.context()));
      assert.ok(plan.preview.files.every(({ change }) => change === 'unchanged'));
      value(await target.unpublish(undo, spot.context()));
      assert.deepEqual(await spot.standing(), {});
    }));

  it('lets one of two that publish at once do it, or none, and never a mixture', () =>
    inSpot(async (spot, ground) => {
      const parcels = await Promise.all(
        ['one', 'two'].map((text) => parcelOf(ground, { 'index.html': text, 'a.txt': text, 'b.txt': text })),
      );
      const outcomes = await Promise.all(
        parcels.map((parcel) => target.publish(parcel, spot.config, spot.context())),
      );
      const done = outcomes.flatMap(({ ok }, index) => (ok ? [parcels[index]] : []));
      for (const outcome of outcomes)
        assert.ok(['ok', 'conflict'].includes(kindOf(outcome)), JSON.stringify(outcome));
      const last = done.map((parcel) => JSON.stringify(parcel && looksLike(parcel)));
      const stands = JSON.stringify(await spot.standing());
      assert.ok(done.length === 0 ? stands === '{}' : last.includes(stands), stands);
      assert.deepEqual(await spot.traces(), []);
    }));
}
