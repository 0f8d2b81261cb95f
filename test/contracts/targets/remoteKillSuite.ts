import assert from 'node:assert/strict';
import type { Parcel } from '../../../server/core/ports/target.ts';
import { makeGround, value } from '../tools/ground.ts';
import { parcelOf } from './parcels.ts';
import { looksLike, type RemoteCase, type RemoteServer, spotOf } from './remoteCase.ts';
import { diesAnywhere } from './remoteDeaths.ts';

/** What a process that dies in the middle must not do to a publication. */
export function remoteKillSuite(one: RemoteCase, serverNow: () => RemoteServer): void {
  const { target } = one;
  diesAnywhere(one, serverNow, 2);

  it('holds a second one off while one is at work or was just cut off, and cleans up what was left long ago', async () => {
    await using ground = await makeGround();
    const server = serverNow();
    const spot = spotOf(one, server, ground);
    const intent = { about: '', execution: 'dead-1', does: 'publish', time: 1_000, undo: '0'.repeat(64) };
    await server.put(spot.folder, '.butler-publish-dead-1.json', JSON.stringify(intent));
    await server.put(spot.folder, '.butler-publish-dead-1/p0', 'half');
    const parcel: Parcel = await parcelOf(ground, { 'index.html': 'one' });
    const young = await target.publish(parcel, spot.config, spot.context({ now: () => 2_000 }));
    assert.equal(young.ok ? 'ok' : young.failure.kind, 'conflict');
    value(await target.publish(parcel, spot.config, spot.context({ now: () => 3_600_000 })));
    assert.deepEqual(await spot.standing(), looksLike(parcel));
    assert.deepEqual(await spot.traces(), []);
  });

  it('takes away an intent of its own that is empty, for it died before there was a word in it', async () => {
    await using ground = await makeGround();
    const server = serverNow();
    const spot = spotOf(one, server, ground);
    const context = spot.context();
    await server.put(spot.folder, `.butler-publish-${context.execution}.json`, '');
    const parcel = await parcelOf(ground, { 'index.html': 'one' });
    assert.equal(await target.reconcile(parcel, spot.config, context), null);
    assert.deepEqual(await spot.traces(), []);
  });
}
