import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { redoJob } from '../../../server/core/redo.ts';
import { undoJob } from '../../../server/core/undo.ts';
import { compose } from '../../../server/main/compose.ts';
import type { Job, UndoReport } from '../../../server/protocol/job.ts';
import { snapshotOf } from '../tools/ground.ts';
import type { MadeCall } from './busyHands.ts';
import { calls, crewOfEachTest, says, scripted } from './crew.ts';
import { workFree } from './freeWork.ts';

const person = 'person:test';

describe('taking back and doing again', function () {
  this.timeout(60_000);
  const { crew } = crewOfEachTest();

  const work = (...made: readonly MadeCall[]) => workFree(crew, ...made);
  const at = (name: string) => path.join(crew.stage.workspace, name);
  const undo = async (job: Job, execution?: string) =>
    reportOf(await undoJob(crew.stage.butler, { id: job.id, execution }, person));
  const redo = async (job: Job, execution?: string) =>
    reportOf(await redoJob(crew.stage.butler, { id: job.id, execution }, person));
  const executions = (job: Job) => crew.stage.butler.store.executions(job.id);

  it('goes on as often as one likes, of a whole job and of one execution', async () => {
    const job = await work(
      ['write_file', { path: 'one/two/three.txt', content: 'three\n' }],
      ['move_file', { from: 'one/two', to: 'moved' }],
      ['delete_file', { path: 'docs' }],
      ['run_command', { command: 'echo four > moved/four.txt' }],
    );
    const after = await snapshotOf(crew.stage.workspace);
    for (const time of ['first', 'second']) {
      assert.equal((await undo(job)).undone.length, 4, time);
      assert.equal(existsSync(at('one')), false);
      assert.ok(existsSync(at('docs/questions.md')));
      assert.equal((await redo(job)).undone.length, 4, time);
      assert.deepEqual(await snapshotOf(crew.stage.workspace), after);
    }
    const [, , deleted] = await executions(job);
    assert.equal((await undo(job, deleted?.id)).undone.length, 1);
    assert.ok(existsSync(at('docs/questions.md')));
    assert.equal((await redo(job, deleted?.id)).undone.length, 1);
    assert.deepEqual(await snapshotOf(crew.stage.workspace), after);
  });

  it('leaves everything as it is where something stands in the way, and shows the difference as text', async () => {
    const job = await work(['run_command', { command: 'echo mine > mine.txt; echo yours > yours.txt' }]);
    await writeFile(at('mine.txt'), 'by a person\n');
    const changed = await snapshotOf(crew.stage.workspace);
    const report = await undo(job);
    assert.deepEqual(report.undone, []);
    assert.equal(report.conflicts[0]?.failure.kind, 'conflict');
    assert.match(report.conflicts[0]?.failure.what ?? '', /mine\.txt/);
    assert.deepEqual(report.conflicts[0]?.diffs, [
      { path: 'mine.txt', before: 'by a person\n', after: null },
    ]);
    assert.deepEqual(await snapshotOf(crew.stage.workspace), changed);
    await writeFile(at('mine.txt'), 'mine\n');
    assert.equal((await undo(job)).undone.length, 1);
    await writeFile(at('yours.txt'), 'by a person\n');
    const again = await redo(job);
    assert.deepEqual(again.conflicts[0]?.diffs, [
      { path: 'yours.txt', before: 'by a person\n', after: 'yours\n' },
    ]);
    assert.equal(existsSync(at('mine.txt')), false);
  });

  it('shows no secret in a difference', async () => {
    const job = await work(['write_file', { path: 'kept.txt', content: 'one\n' }]);
    const secret = `sk-${'ant'}-api03-${'Ab1'.repeat(20)}`;
    await writeFile(at('kept.txt'), `key = ${secret}\n`);
    const report = await undo(job);
    assert.equal(report.conflicts.length, 1);
    assert.doesNotMatch(JSON.stringify(report), /Ab1Ab1/);
  });

  it('is done once, where two windows ask for it at the same time', async () => {
    const job = await work(
      ...Array.from({ length: 12 }, (_, index) => {
        const content = `${index}\n`;
        return ['write_file', { path: `file-${index}.txt`, content }] as const;
      }),
    );
    const { butler } = crew.stage;
    const other = await compose({
      config: butler.config,
      environment: {},
      workspaces: () => [crew.stage.workspace],
      mode: () => 'ask',
      editor: null,
      editorSecrets: null,
      emit: () => {},
      report: () => {},
    });
    assert.ok(other.ok);
    try {
      const both = await Promise.all(
        [butler, other.value].map((one) => undoJob(one, { id: job.id }, person)),
      );
      for (const one of both) assert.deepEqual(one.ok ? one.value.conflicts : [], []);
      for (let index = 0; index < 12; index++) assert.equal(existsSync(at(`file-${index}.txt`)), false);
      assert.equal(await crew.count(job, 'execution.undone'), 12);
      assert.equal(await crew.count(job, 'execution.undoFailed'), 0);
    } finally {
      await other.value.close();
    }
  });

  it('says that a deed out in the world is not done again by itself', async () => {
    const { stage } = crew;
    const files = [{ path: 'index.html', content: '<p>' }];
    const script = [calls('save_deliverable', { title: 'T', files }), calls('publish'), says('Done.')];
    crew.work('one', { provider: scripted(...script).provider });
    const given = await stage.hand('butler', 'Publish');
    await stage.decide(await stage.question(given), 'approve');
    const job = await stage.end(given);
    const [, published] = await executions(job);
    assert.equal(published?.state, 'ok', JSON.stringify(published));
    assert.equal((await undo(job)).undone.length, 1);
    const report = await redo(job);
    assert.equal(report.undone.length, 0);
    assert.match(report.conflicts[0]?.failure.what ?? '', /cannot be done again/);
    assert.equal(existsSync(at('public/index.html')), false);
  });

  it('is told by the journal, and folding it anew gives the same', async () => {
    const job = await work(['write_file', { path: 'a.txt', content: 'a\n' }]);
    await undo(job);
    await redo(job);
    const before = await executions(job);
    assert.equal(before[0]?.undoable, true);
    await crew.stage.butler.store.rebuild();
    assert.deepEqual(await executions(job), before);
    assert.equal((await undo(job)).undone.length, 1);
    assert.equal((await crew.stage.butler.store.verify()).state, 'clean');
  });

  it('keeps line ends and mode of what it does again', async () => {
    await writeFile(at('win.txt'), 'a\r\nb\r\n', { mode: 0o750 });
    const before = await readFile(at('win.txt'));
    const job = await work(['run_command', { command: "sed -i 's/a/c/' win.txt" }]);
    await undo(job);
    assert.deepEqual(await readFile(at('win.txt')), before);
    await redo(job);
    assert.equal((await readFile(at('win.txt'))).toString(), 'c\r\nb\r\n');
  });
});

function reportOf(outcome: Awaited<ReturnType<typeof undoJob>>): UndoReport {
  if (outcome.ok) return outcome.value;
  throw new Error(outcome.failure.what);
}
