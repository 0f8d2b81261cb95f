import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { makeSampleWorkspace } from '../../../examples/makeHistory.mjs';
import { tools } from '../../../server/adapters/tools/index.ts';
import type { Tool } from '../../../server/core/ports/tool.ts';
import { fromIssues } from '../../../server/protocol/failure.ts';
import { call, type Ground, kindOf, makeGround, rg, value } from './ground.ts';

/** What the suite needs to know of a tool: inputs that work in the sample workspace, and one that does not. */
interface Case {
  readonly name: string;
  input(ground: Ground): Promise<unknown>;
  readonly wrong: unknown;
  /** The field that the failure names. */
  readonly field: string;
  /** A file that the call changes, where there is one. */
  readonly changes?: string;
}

const versionOf = async (ground: Ground, file: string) => hash('sha256', await ground.read(file));

const cases: readonly Case[] = [
  { name: 'list_files', input: async () => ({ path: 'docs' }), wrong: { path: 7 }, field: 'path' },
  {
    name: 'search_text',
    input: async () => ({ pattern: 'harbou?r' }),
    wrong: { pattern: '' },
    field: 'pattern',
  },
  {
    name: 'read_file',
    input: async () => ({ path: 'README.md' }),
    wrong: { path: 'a', from: 0 },
    field: 'from',
  },
  {
    name: 'read_output',
    input: async () => ({ call: 'earlier' }),
    wrong: { call: 'earlier', from: 0 },
    field: 'from',
  },
  {
    name: 'write_file',
    input: async (ground) => ({
      path: 'README.md',
      content: '# New\n',
      version: await versionOf(ground, 'README.md'),
    }),
    wrong: { path: 'README.md', content: '', version: 'x' },
    field: 'version',
    changes: 'README.md',
  },
  {
    name: 'edit_file',
    input: async (ground) => ({
      path: 'src/tide.js',
      old: 'share',
      new: 'part',
      all: true,
      version: await versionOf(ground, 'src/tide.js'),
    }),
    wrong: { path: 'a', version: '0'.repeat(64), old: '', new: '' },
    field: 'old',
    changes: 'src/tide.js',
  },
  {
    name: 'save_deliverable',
    input: async () => ({
      title: 'Notes',
      files: [
        { path: 'notes/a.md', content: '# A' },
        { path: 'readme.md', from: 'README.md' },
      ],
    }),
    wrong: { title: 'x', files: [{ path: 'a' }] },
    field: 'files.0',
  },
  {
    name: 'publish',
    input: async (ground) => {
      const made = await call(ground, named('save_deliverable'), {
        title: 'T',
        files: [{ path: 'index.html', content: '<p>' }],
      });
      return { deliverable: made.result.deliverable?.id };
    },
    wrong: { deliverable: '../x' },
    field: 'deliverable',
    changes: 'public/index.html',
  },
  { name: 'build_site', input: async () => ({}), wrong: { title: '' }, field: 'title' },
  { name: 'release_notes', input: async () => ({}), wrong: { since: '--output=x' }, field: 'since' },
  { name: 'todo_report', input: async () => ({}), wrong: { glob: 1 }, field: 'glob' },
  {
    name: 'workspace_statistics',
    input: async () => ({}),
    wrong: { more: 1 },
    field: 'workspace_statistics',
  },
];

const all = tools({ rg });

function named(name: string): Tool {
  const tool = all.find((one) => one.name === name);
  assert.ok(tool, `there is a tool ${name}`);
  return tool;
}

async function sampleGround(): Promise<Ground> {
  const ground = await makeGround();
  await rm(ground.workspace, { recursive: true });
  await makeSampleWorkspace(ground.workspace);
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

      if (tool.repeatable) {
        it('comes to the same when it is done twice as one execution, and changes no file', async () => {
          await using ground = await sampleGround();
          const input = await one.input(ground);
          const before = await ground.snapshot();
          const context = ground.context();
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
        const found = await tool.reconcile?.(input, context);
        assert.equal(found?.state, 'done');
        const undo = found?.state === 'done' ? found.result.undo : null;
        assert.equal(kindOf((await tool.undo?.(undo, ground.context())) ?? failing), 'ok');
        assert.deepEqual(await ground.snapshot(), before);
      });
    });
  }
});

const failing = { ok: false, failure: { kind: 'internal', what: 'no such member', mend: '' } } as const;
