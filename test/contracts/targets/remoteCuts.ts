import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { kindOf, makeGround, value } from '../tools/ground.ts';
import { parcelOf } from './parcels.ts';
import { digestOf, doorTo, looksLike, type RemoteCase, type RemoteServer, spotOf } from './remoteCase.ts';

const cuts = process.env.BUTLER_KILLS ? 20 : 2;

/** The publication, and its taking back, whose lines are all cut at once within what we send or what the server says. */
export function cutAnywhere(one: RemoteCase, serverNow: () => RemoteServer): void {
  const { target } = one;

  it('ends rightly or leaves what stood there when the network is cut at any byte', async function () {
    this.timeout(600_000);
    const server = serverNow();
    await using ground = await makeGround();
    await using door = await doorTo(server);
    const texts = {
      'index.html': 'one',
      'large.bin': randomBytes(300_000).toString('hex'),
      'a/b.txt': 'b',
    };
    const theirs = randomBytes(150_000).toString('hex');
    const first = await parcelOf(ground, { 'index.html': 'zero', 'gone.txt': 'gone' });
    const second = await parcelOf(ground, texts);
    const before = { ...looksLike(first), 'large.bin': digestOf(theirs) };
    const prepared = async () => {
      const spot = spotOf(one, server, ground, door.port);
      value(await target.publish(first, spot.config, spot.context()));
      await server.put(spot.folder, 'large.bin', theirs);
      return spot;
    };
    const measured = await prepared();
    const [sent, heard] = [door.sent(), door.heard()];
    value(await target.publish(second, measured.config, measured.context()));
    const bytes = { sent: door.sent() - sent, heard: door.heard() - heard };
    assert.ok(bytes.sent > texts['large.bin'].length, 'every line goes through the door');
    assert.ok(bytes.heard > theirs.length, 'also what is kept of others');
    const cut = (round: number) => {
      const share = round === 0 ? 0.5 : Math.random();
      if (round === 0 || Math.random() < 0.5)
        door.cutAfterHeard(Math.floor(share * bytes.heard), round % 2 === 1);
      else door.cutAfter(Math.floor(share * bytes.sent), round % 2 === 1);
    };
    for (let round = 0; round < cuts; round++) {
      const spot = await prepared();
      const context = spot.context();
      cut(round);
      const outcome = await target.publish(second, spot.config, context);
      if (round % 2 === 1 && !outcome.ok) {
        assert.equal(kindOf(outcome), 'offline', JSON.stringify(outcome));
        await assert.rejects(target.reconcile(second, spot.config, context), 'nobody can know yet');
      }
      door.mend();
      const found = await target.reconcile(second, spot.config, context);
      const done = outcome.ok ? outcome.value : found;
      const stands = await spot.standing();
      assert.deepEqual(stands, done ? looksLike(second) : before, JSON.stringify([round, outcome]));
      assert.deepEqual(await spot.traces(), []);
      if (!done) continue;
      cut(round);
      await target.unpublish(done.undo, spot.context());
      door.mend();
      value(await target.unpublish(done.undo, spot.context()));
      assert.deepEqual(await spot.standing(), before, `taken back in round ${round}`);
      assert.deepEqual(await spot.traces(), []);
    }
  });
}
