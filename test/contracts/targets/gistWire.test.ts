import assert from 'node:assert/strict';
import { gist } from '../../../server/adapters/targets/gist.ts';
import { startFaultProxy } from '../../support/faultProxy.ts';
import { killCount } from '../../support/killCount.ts';
import { value } from '../tools/ground.ts';
import { filesOf, gistGround, id, stateOf } from './gistGround.ts';

const cuts = killCount(6);

describe('what goes out to a gist', function () {
  this.timeout(60_000 + cuts * 1000);

  it('is only what changed', async () => {
    const texts = { 'a.txt': 'before', 'b.txt': 'same' };
    await using hub = await gistGround({ ...texts, 'other.txt': 'mine' });
    const config = gist.config.parse({ gist: id, api: hub.server.url });
    const before = stateOf(hub);
    const parcel = await hub.parcel({ ...texts, 'a.txt': 'after' });
    const { undo } = value(await gist.publish(parcel, config, hub.context()));
    const sent = hub.server.gate.asked.find(({ method }) => method === 'PATCH')?.body.toString();
    assert.deepEqual(JSON.parse(sent ?? '{}').files, { 'a.txt': { content: 'after' } });
    assert.deepEqual(filesOf(hub), { ...texts, 'a.txt': 'after', 'other.txt': 'mine' });
    value(await gist.unpublish(undo, hub.context()));
    assert.deepEqual(stateOf(hub), before);
  });

  it('is as much as a gist holds, and not one file more', async () => {
    await using hub = await gistGround();
    const config = gist.config.parse({ api: hub.server.url });
    const texts = Object.fromEntries(Array.from({ length: 299 }, (_, at) => [`${at}.txt`, `${at}`]));
    texts['large.txt'] = 'x'.repeat(1_000_000);
    const { undo } = value(await gist.publish(await hub.parcel(texts), config, hub.context()));
    assert.deepEqual(filesOf(hub), texts);
    value(await gist.unpublish(undo, hub.context()));
    const asked = hub.server.gate.asked.length;
    const more = await hub.parcel({ ...texts, 'more.txt': 'x' });
    const outcome = await gist.publish(more, config, hub.context());
    assert.match(outcome.ok ? '' : outcome.failure.what, /at most 300 files/);
    assert.equal(hub.server.gate.asked.length, asked);
  });

  it('stands once or not at all when the connection is cut at random bytes', async () => {
    await using hub = await gistGround({ 'a.txt': 'before', 'other.txt': 'mine' });
    await using door = await startFaultProxy({ port: hub.server.gate.port });
    const before = stateOf(hub);
    const parcel = await hub.parcel({ 'a.txt': 'one '.repeat(1000), 'b.txt': 'two' });
    for (let round = 0; round < cuts; round++) {
      const into = round % 2 === 0 ? {} : { gist: id };
      const config = gist.config.parse({ ...into, api: `http://127.0.0.1:${door.port}` });
      const context = hub.context();
      door.cutAfter(Math.floor(Math.random() * 6000), round % 3 === 2);
      const outcome = await gist.publish(parcel, config, context);
      door.mend();
      await hub.server.gate.idle();
      const found = await gist.reconcile(parcel, config, context);
      if (outcome.ok) assert.deepEqual(found?.publication, outcome.value.publication);
      if (found) value(await gist.unpublish(found.undo, hub.context()));
      assert.deepEqual(stateOf(hub), before, `round ${round}`);
    }
  });
});
