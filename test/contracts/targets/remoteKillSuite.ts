import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Parcel } from '../../../server/core/ports/target.ts';
import { killedAfter } from '../../support/killedChild.ts';
import { makeGround, value } from '../tools/ground.ts';
import { parcelOf } from './parcels.ts';
import { looksLike, type RemoteCase, type RemoteServer, type Spot, spotOf } from './remoteCase.ts';

const asked = process.env.BUTLER_KILLS;

/** What a process that dies in the middle must not do to a publication. */
export function remoteKillSuite(one: RemoteCase, serverNow: () => RemoteServer): void {
  const { target } = one;
  const kills = Number(asked === 'all' ? 50 : (asked ?? one.kills ?? 2));

  it('is published once or not at all when its process is killed at any moment, and taken back wholly', async function () {
    this.timeout(60_000 + kills * 30_000);
    await using ground = await makeGround();
    const server = serverNow();
    const first = await parcelOf(ground, { 'index.html': 'zero', 'gone.txt': 'gone', 'same.txt': 'same' });
    let span = 0;
    for (let round = 0; round <= kills; round++) {
      const spot = spotOf(one, server, ground);
      await server.put(spot.folder, 'CNAME', 'mine');
      value(await target.publish(first, spot.config, spot.context()));
      const before = await spot.standing();
      const texts: Record<string, string> = { 'index.html': 'new', 'same.txt': 'same' };
      for (let index = 0; index < 30; index++)
        texts[`d/f${index}.txt`] = `round ${round} file ${index} `.repeat(500);
      const parcel = await parcelOf(ground, texts);
      const context = spot.context();
      const errand = { does: 'publish', execution: context.execution, parcel };
      span = Math.max(span, await doAndKill(spot, errand, round === 0 ? 60_000 : Math.random() * span * 1.1));
      const found = await target.reconcile(parcel, spot.config, context);
      const stands = await spot.standing();
      const { CNAME = '' } = before;
      assert.deepEqual(stands, found ? { ...looksLike(parcel), CNAME } : before, `round ${round}`);
      assert.deepEqual(await spot.traces(), []);
      assert.deepEqual(
        await target.reconcile(parcel, spot.config, context),
        found,
        'asked again it says the same',
      );
      if (!found) continue;
      const undo = { does: 'unpublish', execution: context.execution, undo: found.undo };
      await doAndKill(spot, undo, round === 0 ? 60_000 : Math.random() * span);
      value(await target.unpublish(found.undo, spot.context()));
      assert.deepEqual(await spot.standing(), before, `round ${round}, taken back`);
      assert.deepEqual(await spot.traces(), []);
    }

    /** Does something in a process of its own and kills it after a while; answers how long it took when it was let be. */
    async function doAndKill(spot: Spot, errand: object, moment: number): Promise<number> {
      const file = path.join(ground.workspace, 'errand.json');
      const { credential } = server;
      const rest = {
        target: target.name,
        config: spot.config,
        credential,
        blobs: path.join(ground.workspace, '../own'),
      };
      await writeFile(file, JSON.stringify({ ...errand, ...rest }));
      return killedAfter(path.join(import.meta.dirname, 'remotePublisher.ts'), file, moment);
    }
  });

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
}
