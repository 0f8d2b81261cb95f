import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { kindOf, makeGround, value } from '../tools/ground.ts';
import { parcelOf } from './parcels.ts';
import { doorTo, looksLike, type RemoteCase, type RemoteServer, spotOf } from './remoteCase.ts';
import { cutAnywhere } from './remoteCuts.ts';

/** What a bad network must not do to a publication. */
export function remoteCutSuite(one: RemoteCase, serverNow: () => RemoteServer): void {
  const { target } = one;

  cutAnywhere(one, serverNow);

  it('stops when it is called off, and takes back what it did', async () => {
    const server = serverNow();
    await using ground = await makeGround();
    await using door = await doorTo(server);
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
    await using door = await doorTo(server);
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
