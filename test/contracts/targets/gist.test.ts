import assert from 'node:assert/strict';
import * as z from 'zod';
import { gist } from '../../../server/adapters/targets/gist.ts';
import { kindOf, value } from '../tools/ground.ts';
import { filesOf, gistGround, id, stateOf } from './gistGround.ts';
import type { KeptGist } from './gistServer.ts';
import { changesOf } from './parcels.ts';

describe('the gist target', function () {
  this.timeout(60_000);

  it('refuses a wrong config, and says each field to a person', () => {
    for (const wrong of [{ gist: '../x' }, { visibility: 'open' }, { api: 'http://example.org' }]) {
      assert.ok(!gist.config.safeParse(wrong).success);
    }
    const schema = z.toJSONSchema(gist.config) as { properties: Record<string, { title?: string }> };
    for (const field of Object.values(schema.properties)) assert.ok(field.title);
  });

  for (const visibility of ['secret', 'public'] as const) {
    it(`makes a ${visibility} gist, finds it again, and deletes it`, async () => {
      await using hub = await gistGround();
      const config = gist.config.parse({ visibility, api: hub.server.url });
      const parcel = await hub.parcel({ 'ä.md': '# Grüße\r\n', 'b.txt': 'b' });
      const plan = value(await gist.plan(parcel, config, hub.context()));
      assert.equal(plan.preview.visibility, visibility === 'public' ? 'public' : 'unlisted');
      assert.equal(hub.gists.size, 0);
      const context = hub.context();
      assert.equal(await gist.reconcile(parcel, config, context), null);
      const published = value(await gist.publish(parcel, config, context));
      assert.deepEqual(filesOf(hub), { 'ä.md': '# Grüße\r\n', 'b.txt': 'b' });
      assert.deepEqual(await gist.reconcile(parcel, config, context), published);
      value(await gist.unpublish(published.undo, hub.context()));
      value(await gist.unpublish(published.undo, hub.context()));
      assert.equal(hub.gists.size, 0);
    });
  }

  it('changes a gist that is there, and puts back one publication after the other', async () => {
    await using hub = await gistGround({ 'a.txt': 'before', 'other.txt': 'mine' });
    const config = gist.config.parse({ gist: id, api: hub.server.url });
    const states = [stateOf(hub)];
    const undos: unknown[] = [];
    for (const text of ['one', 'two']) {
      const parcel = await hub.parcel({ 'a.txt': text, [`${text}.txt`]: text });
      const plan = value(await gist.plan(parcel, config, hub.context()));
      assert.deepEqual(changesOf(plan), { 'a.txt': 'update', [`${text}.txt`]: 'create' });
      const context = hub.context();
      const published = value(await gist.publish(parcel, config, context));
      const found = await gist.reconcile(parcel, config, context);
      assert.deepEqual(found?.publication, published.publication);
      undos.push(published.undo);
      states.push(stateOf(hub));
    }
    assert.equal(kindOf(await gist.unpublish(undos[0], hub.context())), 'conflict');
    while (undos.length > 0) {
      states.pop();
      value(await gist.unpublish(undos.at(-1), hub.context()));
      assert.deepEqual(stateOf(hub), states.at(-1));
      value(await gist.unpublish(undos.pop(), hub.context()));
      assert.deepEqual(stateOf(hub), states.at(-1));
    }
  });

  it('takes nothing back that was changed since', async () => {
    await using hub = await gistGround({ 'a.txt': 'before' });
    for (const change of [{}, { gist: id }]) {
      const config = gist.config.parse({ ...change, api: hub.server.url });
      const parcel = await hub.parcel({ 'a.txt': 'one' });
      const { undo } = value(await gist.publish(parcel, config, hub.context()));
      const kept = hub.gists.get((undo as { id: string }).id);
      kept?.history.unshift({ version: 'ff', files: { 'a.txt': 'by a person' } });
      const before = stateOf(hub);
      assert.equal(kindOf(await gist.unpublish(undo, hub.context())), 'conflict');
      assert.deepEqual(stateOf(hub), before);
    }
  });

  it('keeps a new gist that somebody commented on or described anew', async () => {
    await using hub = await gistGround();
    const config = gist.config.parse({ api: hub.server.url });
    const parcel = await hub.parcel({ 'a.txt': 'one' });
    for (const change of [{ comments: 1 }, { description: 'Mine' }]) {
      const { undo } = value(await gist.publish(parcel, config, hub.context()));
      Object.assign(hub.gists.get((undo as { id: string }).id) ?? {}, change);
      const before = stateOf(hub);
      assert.equal(kindOf(await gist.unpublish(undo, hub.context())), 'conflict');
      assert.deepEqual(stateOf(hub), before);
      hub.gists.clear();
    }
  });

  it('gives a description its mark without shortening it, says so before, and puts it back', async () => {
    await using hub = await gistGround({ 'a.txt': 'before' });
    const kept = hub.gists.get(id) as KeptGist;
    const config = gist.config.parse({ gist: id, api: hub.server.url });
    const parcel = await hub.parcel({ 'a.txt': 'one' });
    for (const words of ['', `(Butler-Execution: x) (and more) ${'x'.repeat(140)}  y `]) {
      kept.description = words;
      const plan = value(await gist.plan(parcel, config, hub.context()));
      assert.match(plan.preview.notes?.join(' ') ?? '', /description/);
      const { undo } = value(await gist.publish(parcel, config, hub.context()));
      assert.ok(kept.description.startsWith(words) && kept.description.length <= 256);
      value(await gist.unpublish(undo, hub.context()));
      assert.equal(kept.description, words);
    }
    kept.description = 'x'.repeat(250);
    const outcome = await gist.plan(parcel, config, hub.context());
    assert.ok(!outcome.ok && /Shorten it to \d+ characters/.test(outcome.failure.mend));
  });

  it('knows after a death what stood before, and what a person wrote since', async () => {
    for (const meanwhile of [false, true]) {
      await using hub = await gistGround({ 'a.txt': 'before', 'other.txt': 'mine' });
      const kept = hub.gists.get(id) as KeptGist;
      const config = gist.config.parse({ gist: id, api: hub.server.url });
      const parcel = await hub.parcel({ 'a.txt': 'one' });
      const before = stateOf(hub);
      let gone = false;
      hub.server.gate.loses = ({ method }) => {
        if (gone) return 'before';
        gone = method === 'PATCH';
        return gone ? 'after' : null;
      };
      const context = hub.context();
      assert.equal(kindOf(await gist.publish(parcel, config, context)), 'offline');
      hub.server.gate.loses = () => null;
      const files = { ...kept.history[0]?.files, 'other.txt': 'mine again' };
      if (meanwhile) kept.history.unshift({ version: 'ff', files });
      const stands = stateOf(hub);
      const found = await gist.reconcile(parcel, config, context);
      const outcome = await gist.unpublish(found?.undo, hub.context());
      assert.equal(outcome.ok ? 'ok' : outcome.failure.kind, meanwhile ? 'conflict' : 'ok');
      assert.deepEqual(stateOf(hub), meanwhile ? stands : before);
    }
  });

  it('refuses what a gist cannot hold, and asks nothing for that', async () => {
    await using hub = await gistGround();
    const config = gist.config.parse({ api: hub.server.url });
    const large = 'x'.repeat(1_000_001);
    for (const texts of [
      { 'a/b': 'x' },
      { leer: ' \n' },
      { bin: 'a\0' },
      { gistfile1: 'x' },
      { '.git': 'x' },
      { large },
      { 'a.txt': 'x', 'A.txt': 'y' },
    ]) {
      for (const act of ['plan', 'publish'] as const) {
        const outcome = await gist[act](await hub.parcel(texts), config, hub.context());
        assert.equal(kindOf(outcome), 'invalid');
        assert.ok(!outcome.ok && Object.keys(texts).some((name) => outcome.failure.what.includes(name)));
      }
    }
    const { files, ...rest } = await hub.parcel({ 'a.txt': 'x' });
    const many = Array.from({ length: 11 }, (_, at) => ({ ...files[0], path: `${at}`, size: 1_000_000 }));
    const outcome = await gist.plan({ ...rest, files: many as typeof files }, config, hub.context());
    assert.ok(!outcome.ok && /11 MB together/.test(outcome.failure.what));
    assert.match(outcome.failure.mend, /fewer files/);
    assert.equal(hub.server.gate.asked.length, 0);
  });

  it('stands once whichever answer is lost, and not at all once it is stopped', async () => {
    await using hub = await gistGround({ 'a.txt': 'before' });
    for (const change of [{}, { gist: id }]) {
      const config = gist.config.parse({ ...change, api: hub.server.url });
      const parcel = await hub.parcel({ 'a.txt': 'one' });
      const before = stateOf(hub);
      for (let act = 1; act <= 3; act++) {
        const from = hub.server.gate.asked.length;
        hub.server.gate.loses = (_, count) => (count === from + act ? 'after' : null);
        const context = hub.context();
        const outcome = await gist.publish(parcel, config, context);
        hub.server.gate.loses = () => null;
        const found = await gist.reconcile(parcel, config, context);
        assert.equal(found !== null, outcome.ok);
        if (outcome.ok) value(await gist.unpublish(outcome.value.undo, hub.context()));
        assert.deepEqual(stateOf(hub), before);
      }
      const context = hub.context({ signal: AbortSignal.abort() });
      assert.equal(kindOf(await gist.publish(parcel, config, context)), 'cancelled');
      assert.deepEqual(stateOf(hub), before);
    }
  });

  it('says what is wrong with token and gist', async () => {
    await using hub = await gistGround();
    const parcel = await hub.parcel({ 'a.txt': 'one' });
    const config = gist.config.parse({ gist: id, api: hub.server.url });
    assert.equal(kindOf(await gist.publish(parcel, config, hub.context())), 'notFound');
    const wrong = hub.context({ credential: async () => ({ token: 'wrong' }) });
    assert.equal(kindOf(await gist.publish(parcel, config, wrong)), 'auth');
    const asked = hub.server.gate.asked.length;
    const none = hub.context({ credential: async () => null });
    assert.equal(kindOf(await gist.publish(parcel, config, none)), 'auth');
    assert.equal(hub.server.gate.asked.length, asked);
    const findings = await gist.check?.(config, hub.context());
    assert.deepEqual(
      findings?.map((one) => one.good),
      [true, false],
    );
  });
});
