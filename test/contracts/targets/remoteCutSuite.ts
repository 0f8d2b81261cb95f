import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startFaultProxy } from '../../support/faultProxy.ts';
import { kindOf, makeGround, value } from '../tools/ground.ts';
import { parcelOf } from './parcels.ts';
import { looksLike, type RemoteCase, type RemoteServer, spotOf } from './remoteCase.ts';

const cuts = process.env.BUTLER_KILLS ? 20 : 2;

/** What a bad network must not do to a publication. */
export function remoteCutSuite(one: RemoteCase, serverNow: () => RemoteServer): void {
  const { target } = one;

  it('ends rightly or leaves what stood there when the network is cut at any byte', async function () {
    this.timeout(600_000);
    const server = serverNow();
    await using ground = await makeGround();
    await using door = await startFaultProxy({ port: server.port });
    const texts = {
      'index.html': 'one',
      'large.bin': randomBytes(300_000).toString('hex'),
      'a/b.txt': 'b',
    };
    const measured = spotOf(one, server, ground, door.port);
    const first = await parcelOf(ground, { 'index.html': 'zero', 'gone.txt': 'gone' });
    value(await target.publish(first, measured.config, measured.context()));
    const second = await parcelOf(ground, texts);
    const before = door.sent();
    value(await target.publish(second, measured.config, measured.context()));
    const bytes = door.sent() - before;
    for (let round = 0; round < cuts; round++) {
      const spot = spotOf(one, server, ground, door.port);
      value(await target.publish(first, spot.config, spot.context()));
      const context = spot.context();
      door.cutAfter(Math.floor(Math.random() * bytes), round % 2 === 1);
      const outcome = await target.publish(second, spot.config, context);
      if (round % 2 === 1 && !outcome.ok) {
        assert.equal(kindOf(outcome), 'offline', JSON.stringify(outcome));
        await assert.rejects(target.reconcile(second, spot.config, context), 'nobody can know yet');
      }
      door.mend();
      const found = await target.reconcile(second, spot.config, context);
      const isDone = outcome.ok || found !== null;
      const stands = await spot.standing();
      assert.deepEqual(stands, looksLike(isDone ? second : first), JSON.stringify([round, outcome]));
      assert.deepEqual(await spot.traces(), []);
    }
  });

  it('stops when it is called off, and takes back what it did', async () => {
    const server = serverNow();
    await using ground = await makeGround();
    await using door = await startFaultProxy({ port: server.port });
    const spot = spotOf(one, server, ground, door.port);
    const first = await parcelOf(ground, { 'index.html': 'zero' });
    value(await target.publish(first, spot.config, spot.context()));
    const texts: Record<string, string> = {};
    for (let index = 0; index < 60; index++) texts[`f${index}.txt`] = `${index}`;
    const second = await parcelOf(ground, texts);
    const abort = new AbortController();
    const progress = (fraction: number) => void (fraction > 0.3 && abort.abort());
    const context = spot.context({ signal: abort.signal, progress });
    assert.equal(kindOf(await target.publish(second, spot.config, context)), 'cancelled');
    assert.deepEqual(await spot.standing(), looksLike(first));
    value(await target.publish(second, spot.config, spot.context()));
    assert.deepEqual(await spot.standing(), looksLike(second));
    assert.deepEqual(await spot.traces(), []);
    const aborted = spot.context({ signal: AbortSignal.abort() });
    assert.equal(kindOf(await target.publish(first, spot.config, aborted)), 'cancelled');
  });

  it('ends a taking back that was called off in its middle when it is asked for again', async () => {
    const server = serverNow();
    await using ground = await makeGround();
    await using door = await startFaultProxy({ port: server.port });
    const spot = spotOf(one, server, ground, door.port);
    const texts: Record<string, string> = {};
    for (let index = 0; index < 30; index++) texts[`f${index}.txt`] = `${index}`;
    const first = await parcelOf(ground, texts);
    value(await target.publish(first, spot.config, spot.context()));
    const second = await parcelOf(ground, { 'index.html': 'two' });
    const { undo } = value(await target.publish(second, spot.config, spot.context()));
    for (const moment of [20, 150, 400]) {
      door.slow(5);
      const abort = new AbortController();
      const taking = target.unpublish(undo, spot.context({ signal: abort.signal }));
      await sleep(moment);
      abort.abort();
      door.slow(0);
      await taking.catch(() => {});
    }
    value(await target.unpublish(undo, spot.context()));
    assert.deepEqual(await spot.standing(), looksLike(first));
    assert.deepEqual(await spot.traces(), []);
  });
}
