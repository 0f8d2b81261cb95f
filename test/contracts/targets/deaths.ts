import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Parcel, Published, Target, TargetContext } from '../../../server/core/ports/target.ts';
import { momentAt, playUntilDead } from '../../support/killedChild.ts';
import { value } from '../tools/ground.ts';
import { type Errand, sendOut } from './errand.ts';

/** Something to publish, where it goes, and how to see what stands there. */
export interface Mission {
  readonly target: Target;
  readonly config: unknown;
  readonly parcel: Parcel;
  readonly context: TargetContext;
  /** What the publisher's own process needs besides. */
  readonly given: Pick<Errand, 'credential' | 'workspace' | 'channel'> & { readonly blobs: string };
  /** Asserts that the whole publication stands there, once, or that all is as before; and no trace of ours either way. */
  isRight(stands: boolean): Promise<void>;
  /** Waits until the service has dealt with what it heard of one that died. */
  settled?(): Promise<void>;
}

/**
 * Publishes each mission in a process that dies on the way, every second time has one that takes it up die as well, looks
 * what came of it, and has one that takes it back die too: what stands is whole or is as before, whoever goes on ends it,
 * and when it is taken back all is as before.
 */
export async function playDeaths(kills: number, mission: (round: number) => Promise<Mission>): Promise<void> {
  const ends = { whole: 0, before: 0 };
  const acts = await actsOf(await mission(0));
  let round = 0;
  await playUntilDead(kills, async (share) => {
    const one = await mission(++round);
    const errand = errandOf(one);
    await writeFile(errand.journal, 'null');
    const lived = await sendOut({ ...errand, does: 'publish' }, momentAt(acts.publish, share));
    await one.settled?.();
    if (round % 2 === 0) await sendOut({ ...errand, does: 'takeUp' }, momentAt(acts.publish, Math.random()));
    await one.settled?.();
    const noted: unknown = JSON.parse(await readFile(errand.journal, 'utf8'));
    const context = { ...one.context, noted };
    const { found, undo } = await takenUp(one, context);
    ends[found ? 'whole' : 'before']++;
    const livedOn = await sendOut({ ...errand, does: 'unpublish', undo }, momentAt(acts.unpublish, share));
    await one.settled?.();
    value(await one.target.unpublish(undo, context));
    await one.isRight(false);
    return !lived && !livedOn;
  });
  if (kills > 10) console.log(`      ${JSON.stringify({ ...ends, of: acts })}`);
}

/** Whoever takes it up finds it whole or not at all; what was not there is published then. */
async function takenUp(one: Mission, context: TargetContext): Promise<{ found: boolean; undo: unknown }> {
  const { target, config, parcel } = one;
  const found = await target.reconcile(parcel, config, context);
  await one.isRight(found !== null);
  assert.deepEqual(await target.reconcile(parcel, config, context), found, 'asked again it says the same');
  const published = found ?? value(await target.publish(parcel, config, context));
  if (!found) await one.isRight(true);
  const { undo } = JSON.parse(JSON.stringify(published)) as Published;
  return { found: found !== null, undo };
}

/** How many acts publishing and taking back are, of one that lives. */
async function actsOf(one: Mission): Promise<{ publish: number; unpublish: number }> {
  const lived = await sendOut({ ...errandOf(one), does: 'both' });
  await one.isRight(false);
  const [publish = 0, unpublish = 0] = lived ?? [];
  assert.ok(publish > 0 && unpublish > 0);
  return { publish, unpublish };
}

function errandOf({ target, config, parcel, context, given }: Mission): Omit<Errand, 'does'> {
  const journal = path.join(given.blobs, `journal-${context.execution}.json`);
  return { ...given, target: target.name, config, parcel, execution: context.execution, journal };
}
