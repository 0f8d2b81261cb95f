import assert from 'node:assert/strict';
import type { TargetContext } from '../../../server/core/ports/target.ts';
import type { FaultProxy } from '../../support/faultProxy.ts';
import { makeGround, value } from '../tools/ground.ts';
import { parcelOf } from './parcels.ts';
import { doorTo, looksLike, type RemoteCase, type RemoteServer, spotOf } from './remoteCase.ts';

/** What is asked of a server that falls silent and is called off, which must be answered before the silence is over. */
export function remoteCallOffSuite(one: RemoteCase, serverNow: () => RemoteServer): void {
  const { target } = one;

  it('answers a call-off while the server is silent, whatever was asked of it', async function () {
    this.timeout(40_000);
    await using ground = await makeGround();
    await using door = await doorTo(serverNow());
    const spot = spotOf(one, serverNow(), ground, door.port);
    const first = await parcelOf(ground, { 'index.html': 'one', 'gone.txt': 'gone' });
    const { undo } = value(await target.publish(first, spot.config, spot.context()));
    const second = await parcelOf(ground, { 'index.html': 'two', 'a.txt': 'a' });
    const acts: ((context: TargetContext) => unknown)[] = [
      (context) => target.plan(second, spot.config, context),
      (context) => target.publish(second, spot.config, context),
      (context) => target.reconcile(second, spot.config, context),
      (context) => target.unpublish(undo, context),
      (context) => target.check?.(spot.config, context),
    ];
    for (const act of acts) await inSilence(door, (signal) => act(spot.context({ signal })));
    assert.deepEqual(await spot.standing(), looksLike(first));
    value(await target.publish(second, spot.config, spot.context()));
    assert.deepEqual(await spot.standing(), looksLike(second));
    assert.deepEqual(await spot.traces(), []);
  });
}

/** Does something, falls silent once it asked the server, calls it off, and is heard again when that was answered. */
async function inSilence(door: FaultProxy, act: (signal: AbortSignal) => unknown): Promise<void> {
  const abort = new AbortController();
  const asked = door.silentAfter(1);
  const doing = Promise.resolve(act(abort.signal)).catch(() => {});
  await asked;
  abort.abort();
  await doing;
  door.mend();
}
