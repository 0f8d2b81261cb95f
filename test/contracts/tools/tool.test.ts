import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { fromIssues } from '../../../server/protocol/failure.ts';
import { copySampleWorkspace } from '../../support/sampleWorkspace.ts';
import { call, type Ground, kindOf, makeGround, value } from './ground.ts';
import { all, cases, named } from './toolCases.ts';

async function sampleGround(): Promise<Ground> {
  const ground = await makeGround();
  await rm(ground.workspace, { recursive: true });
  await copySampleWorkspace(ground.workspace);
  return ground;
}

describe('every tool', function () {
  this.timeout(60_000);

  it('is covered by this suite', () => {
    assert.deepEqual(
      all.map((tool) => tool.name),
      cases.map((one) => one.name),
    );
  });

  for (const one of cases) {
    describe(one.name, () => {
      const tool = named(one.name);

      it('says which field of a bad input is wrong', () => {
        const parsed = tool.input.safeParse(one.wrong);
        assert.ok(!parsed.success);
        assert.ok(fromIssues(parsed.error, tool.name).field?.endsWith(one.field));
      });

      it('plans without changing anything, the same plan each time', async () => {
        await using ground = await sampleGround();
        const input = tool.input.parse(await one.input(ground));
        const before = await ground.snapshot();
        const plans = [
          value(await tool.plan(input, ground.context())),
          value(await tool.plan(input, ground.context())),
        ];
        assert.deepEqual(plans[0], plans[1]);
        assert.deepEqual(await ground.snapshot(), before);
        assert.deepEqual(JSON.parse(JSON.stringify(plans[0])), plans[0], 'a plan is JSON');
        assert.ok(plans[0] && plans[0].title.length > 0 && !plans[0].title.includes('\n'));
      });

      it('does nothing once it is aborted', async () => {
        await using ground = await sampleGround();
        const input = tool.input.parse(await one.input(ground));
        const before = await ground.snapshot();
        const plan = value(await tool.plan(input, ground.context()));
        const outcome = await tool.run(input, plan, ground.context({ signal: AbortSignal.abort() }));
        if (!['read_file'].includes(tool.name)) assert.equal(kindOf(outcome), 'cancelled');
        assert.deepEqual(await ground.snapshot(), before);
      });

      if (one.elsewhere) return;

      if (tool.repeatable) {
        it('comes to the same when it is done twice as one execution, and changes no file', async () => {
          await using ground = await sampleGround();
          const input = await one.input(ground);
          const before = await ground.snapshot();
          const context = ground.context(one.context);
          const [first, second] = [
            await call(ground, tool, input, context),
            await call(ground, tool, input, context),
          ];
          assert.deepEqual(first.result, second.result);
          assert.equal(first.result.undo, undefined);
          assert.deepEqual(await ground.snapshot(), before);
        });
        return;
      }

      it('is taken back byte for byte, also when undo is asked for twice', async () => {
        await using ground = await sampleGround();
        const input = await one.input(ground);
        const before = await ground.snapshot();
        const { result } = await call(ground, tool, input);
        assert.notDeepEqual(await ground.snapshot(), before);
        for (const time of ['first', 'second']) {
          assert.equal(kindOf((await tool.undo?.(result.undo, ground.context())) ?? failing), 'ok', time);
          assert.deepEqual(await ground.snapshot(), before, time);
        }
      });

      if (tool.redo) {
        it('is done again as it was, and taken back again, each also when it is asked for twice', async () => {
          await using ground = await sampleGround();
          const input = await one.input(ground);
          const before = await ground.snapshot();
          const { result } = await call(ground, tool, input);
          const after = await ground.snapshot();
          let undo = result.undo;
          for (const time of ['first', 'second', 'third']) {
            value((await tool.undo?.(undo, ground.context())) ?? failing);
            assert.deepEqual(await ground.snapshot(), before, time);
            undo = value((await tool.redo?.(undo, ground.context())) ?? failing);
            value((await tool.redo?.(undo, ground.context())) ?? failing);
            assert.deepEqual(await ground.snapshot(), after, time);
          }
        });

        it('is not done again over what was changed since it was taken back', async () => {
          await using ground = await sampleGround();
          const { result } = await call(ground, tool, await one.input(ground));
          value((await tool.undo?.(result.undo, ground.context())) ?? failing);
          await ground.write(one.changes ?? '', 'by a person');
          const changed = await ground.snapshot();
          assert.equal(kindOf((await tool.redo?.(result.undo, ground.context())) ?? failing), 'conflict');
          assert.deepEqual(await ground.snapshot(), changed);
        });
      }

      it('never overwrites what was changed after it, when taken back', async () => {
        await using ground = await sampleGround();
        const { result } = await call(ground, tool, await one.input(ground));
        await ground.write(one.changes ?? '', 'by a person');
        const changed = await ground.snapshot();
        assert.equal(kindOf((await tool.undo?.(result.undo, ground.context())) ?? failing), 'conflict');
        assert.deepEqual(await ground.snapshot(), changed);
      });

      it('refuses when the world changed between plan and run', async () => {
        await using ground = await sampleGround();
        const input = tool.input.parse(await one.input(ground));
        const plan = value(await tool.plan(input, ground.context()));
        await ground.write(one.changes ?? '', 'by a person');
        const changed = await ground.snapshot();
        assert.equal(kindOf(await tool.run(input, plan, ground.context())), 'conflict');
        assert.deepEqual(await ground.snapshot(), changed);
      });

      it('tells after a crash whether it was done, and can still be taken back', async () => {
        await using ground = await sampleGround();
        const input = tool.input.parse(await one.input(ground));
        const before = await ground.snapshot();
        const context = ground.context();
        assert.deepEqual(await tool.reconcile?.(input, context), { state: 'notDone' });
        await call(ground, tool, input, context);
        const found = await tool.reconcile?.(input, { ...context, noted: ground.notes.at(-1)?.value });
        assert.equal(found?.state, 'done');
        const undo = found?.state === 'done' ? found.result.undo : null;
        assert.equal(kindOf((await tool.undo?.(undo, ground.context())) ?? failing), 'ok');
        assert.deepEqual(await ground.snapshot(), before);
      });
    });
  }
});

const failing = { ok: false, failure: { kind: 'internal', what: 'no such member', mend: '' } } as const;
