import assert from 'node:assert/strict';
import * as z from 'zod';
import { targets } from '../../../server/adapters/targets/index.ts';
import type { Target } from '../../../server/core/ports/target.ts';
import type { Visibility } from '../../../server/protocol/deliverable.ts';
import { type Ground, kindOf, makeGround, value } from '../tools/ground.ts';
import { changesOf, contextOf, parcelOf } from './parcels.ts';

/** What the suite needs to know of a target: a config that works, and how to see and to spoil what stands there. */
interface Case {
  readonly name: string;
  readonly config: unknown;
  readonly wrong: unknown;
  /** Who can see what is published so. */
  readonly visibility: Visibility;
  /** Changes one published file as a person would. */
  spoil(ground: Ground): Promise<void>;
}

const cases: readonly Case[] = [
  {
    name: 'local',
    config: { folder: 'public' },
    wrong: { folder: '' },
    visibility: 'local',
    spoil: (ground) => ground.write('public/index.html', 'by a person'),
  },
];

describe('every target', function () {
  this.timeout(60_000);

  for (const one of cases) {
    describe(one.name, () => {
      const target = targets.find((each) => each.name === one.name) as Target;
      const config = target.config.parse(one.config);

      it('refuses a wrong config, and says each field to a person', () => {
        assert.ok(!target.config.safeParse(one.wrong).success);
        const schema = z.toJSONSchema(target.config) as { properties: Record<string, { title?: string }> };
        for (const field of Object.values(schema.properties)) assert.ok(field.title);
      });

      it('shows before publishing what would be created, updated, deleted and left', async () => {
        await using ground = await makeGround();
        const first = await parcelOf(ground, { 'index.html': 'one', 'a/b.txt': 'same', 'old.txt': 'old' });
        const before = await ground.snapshot();
        const plan = value(await target.plan(first, config, contextOf(ground)));
        assert.deepEqual(changesOf(plan), {
          'a/b.txt': 'create',
          'index.html': 'create',
          'old.txt': 'create',
        });
        assert.deepEqual(await ground.snapshot(), before, 'planning changes nothing');
        assert.equal(plan.preview.visibility, one.visibility);
        assert.match(plan.preview.undoes, /deletes 3 files/);
        value(await target.publish(first, config, contextOf(ground)));
        const second = await parcelOf(ground, { 'index.html': 'two', 'a/b.txt': 'same', 'new.txt': 'new' });
        assert.deepEqual(changesOf(value(await target.plan(second, config, contextOf(ground)))), {
          'a/b.txt': 'unchanged',
          'index.html': 'update',
          'new.txt': 'create',
          'old.txt': 'delete',
        });
      });

      it('publishes, and each publication is taken back to what stood there before it', async () => {
        await using ground = await makeGround();
        const states = [await ground.snapshot()];
        const undos: unknown[] = [];
        const versions = new Set<string>();
        for (const text of ['one', 'two', 'three']) {
          const parcel = await parcelOf(ground, { 'index.html': text, [`${text}.txt`]: text });
          const { publication, undo } = value(await target.publish(parcel, config, contextOf(ground)));
          assert.equal(publication.target, target.name);
          assert.equal(publication.entry, 'index.html');
          assert.equal(publication.visibility, one.visibility);
          assert.match(publication.undoes, text === 'one' ? /deletes 2 files/ : /puts 2 files back/);
          versions.add(publication.version);
          undos.push(JSON.parse(JSON.stringify(undo)));
          states.push(await ground.snapshot());
        }
        assert.equal(versions.size, 3, 'each is a version of its own');
        while (undos.length > 0) {
          states.pop();
          value(await target.unpublish(undos.pop(), contextOf(ground)));
          assert.deepEqual(await ground.snapshot(), states.at(-1));
        }
      });

      it('takes nothing back that was changed since', async () => {
        await using ground = await makeGround();
        const parcel = await parcelOf(ground, { 'index.html': 'one' });
        const { undo } = value(await target.publish(parcel, config, contextOf(ground)));
        await one.spoil(ground);
        const before = await ground.snapshot();
        assert.equal(kindOf(await target.unpublish(undo, contextOf(ground))), 'conflict');
        assert.deepEqual(await ground.snapshot(), before);
      });

      it('takes back only the publication that still stands there', async () => {
        await using ground = await makeGround();
        const first = await parcelOf(ground, { 'index.html': 'one' });
        const { undo } = value(await target.publish(first, config, contextOf(ground)));
        value(
          await target.publish(await parcelOf(ground, { 'index.html': 'two' }), config, contextOf(ground)),
        );
        assert.equal(kindOf(await target.unpublish(undo, contextOf(ground))), 'conflict');
      });

      it('finds its publication again by the execution, and no other', async () => {
        await using ground = await makeGround();
        const parcel = await parcelOf(ground, { 'index.html': 'one' });
        const context = contextOf(ground);
        assert.equal(await target.reconcile(parcel, config, context), null);
        const published = value(await target.publish(parcel, config, context));
        assert.deepEqual(await target.reconcile(parcel, config, context), published);
        assert.equal(await target.reconcile(parcel, config, contextOf(ground)), null);
      });

      it('publishes nothing once it is aborted', async () => {
        await using ground = await makeGround();
        const parcel = await parcelOf(ground, { 'index.html': 'one' });
        const before = await ground.snapshot();
        const context = { ...contextOf(ground), signal: AbortSignal.abort() };
        assert.equal(kindOf(await target.publish(parcel, config, context)), 'cancelled');
        assert.deepEqual(await ground.snapshot(), before);
      });
    });
  }
});
