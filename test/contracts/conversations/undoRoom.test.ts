import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { redoJob } from '../../../server/core/redo.ts';
import { saveSettings } from '../../../server/core/settings.ts';
import { undoJob } from '../../../server/core/undo.ts';
import { pruneUndo, readUndoRoom } from '../../../server/core/undoQuota.ts';
import { examine } from '../../../server/main/doctor.ts';
import { keepUndoRoom } from '../../../server/main/undoKeeper.ts';
import type { Job } from '../../../server/protocol/job.ts';
import type { MadeCall } from './busyHands.ts';
import { calls, crewOfEachTest, deed, scripted, untilStopped } from './crew.ts';
import { workFree } from './freeWork.ts';

const person = 'person:test';
const { signal } = new AbortController();

describe('the room for taking back', function () {
  this.timeout(60_000);
  const { crew } = crewOfEachTest();

  const work = (...made: MadeCall) => workFree(crew, made);
  const at = (name: string) => path.join(crew.stage.workspace, name);
  const allow = (megabytes: number) => saveSettings(crew.stage.butler, { undo: { megabytes } }, person);
  const noise = (bytes: number) => writeFile(at('noise.bin'), randomBytes(bytes));
  const removeNoise = () => work('delete_file', { path: 'noise.bin' });

  it('is told, in the doctor too, and so is its limit', async () => {
    const { butler } = crew.stage;
    assert.deepEqual(await readUndoRoom(butler), { kept: 0, limit: 2_000_000_000 });
    await noise(3_000_000);
    await removeNoise();
    const { kept } = await readUndoRoom(butler);
    assert.ok(kept >= 3_000_000 && kept < 3_100_000, `${kept}`);
    const finding = (await examine(butler)).find(({ subject }) => subject === 'undo');
    assert.equal(finding?.what, '3.0 of at most 2000 MB are kept to take things back');
    await allow(1);
    assert.equal((await examine(butler)).find(({ subject }) => subject === 'undo')?.state, 'note');
  });

  it('is made by giving up the oldest, and what is left can be taken back', async () => {
    const { butler } = crew.stage;
    const jobs: Job[] = [];
    for (let count = 0; count < 3; count++) {
      await noise(2_000_000);
      jobs.push(await removeNoise());
    }
    await allow(5);
    const pruned = await pruneUndo(butler, signal);
    assert.ok(pruned.ok && pruned.value.executions.length === 1 && pruned.value.bytes > 2_000_000);
    assert.ok((await readUndoRoom(butler)).kept < 5_000_000);
    const [oldest, , newest] = jobs as [Job, Job, Job];
    const gone = await undoJob(butler, { id: oldest.id }, person);
    assert.ok(!gone.ok && gone.failure.kind === 'conflict');
    const back = await undoJob(butler, { id: newest.id }, person);
    assert.ok(back.ok && back.value.undone.length === 1 && existsSync(at('noise.bin')));
    assert.equal((await butler.store.verify()).state, 'clean');
  });

  it('counts what commands keep outside the store, and gives that back too', async () => {
    const { butler } = crew.stage;
    await work('run_command', { command: 'head -c 3000000 /dev/urandom > noise.bin' });
    const after = await work('run_command', { command: 'rm noise.bin; echo x > small.txt' });
    assert.ok((await readUndoRoom(butler)).kept > 3_000_000);
    await allow(1);
    assert.ok((await pruneUndo(butler, signal)).ok);
    assert.ok((await readUndoRoom(butler)).kept < 1_000_000);
    assert.equal((await undoJob(butler, { id: after.id }, person)).ok, false);
    const next = await work('run_command', { command: 'echo y > small.txt' });
    const back = await undoJob(butler, { id: next.id }, person);
    assert.ok(back.ok && back.value.conflicts.length === 0);
  });

  it('keeps what another job, a deliverable or something undone still needs', async () => {
    const { butler } = crew.stage;
    await noise(2_000_000);
    const first = await removeNoise();
    assert.ok((await undoJob(butler, { id: first.id }, person)).ok);
    const second = await removeNoise();
    assert.ok((await undoJob(butler, { id: second.id }, person)).ok);
    await allow(1);
    await pruneUndo(butler, signal);
    const redone = await redoJob(butler, { id: second.id }, person);
    assert.ok(redone.ok && redone.value.undone.length === 0, 'all of it is gone, and nothing half of it');
    assert.ok(existsSync(at('noise.bin')));
    await allow(2000);
    const saved = await work('save_deliverable', {
      title: 'T',
      files: [{ path: 'readme.md', from: 'README.md' }],
    });
    await work('delete_file', { path: 'README.md' });
    await allow(0);
    await pruneUndo(butler, signal);
    const [{ id } = { id: '' }] = await butler.store.deliverables({ job: saved.id, limit: 1 });
    const [file] = (await butler.store.deliverable(id))?.files ?? [];
    assert.ok(await butler.store.blobs.get(file?.digest ?? ''));
  });

  it('is not made while a job is at work', async () => {
    const { butler } = crew.stage;
    await noise(2_000_000);
    const done = await removeNoise();
    await allow(1);
    const held = deed({ run: ({ signal: stop }) => untilStopped(stop) });
    crew.work('two', { provider: scripted(calls('deed')).provider, tools: [held.tool] });
    await crew.saw(await crew.stage.hand('butler', 'Hold'), 'execution.started');
    const pruned = await pruneUndo(butler, signal);
    assert.ok(pruned.ok && pruned.value.executions.length === 0);
    assert.ok((await undoJob(butler, { id: done.id }, person)).ok);
  });

  it('is the same after the lists were folded anew', async () => {
    const { butler } = crew.stage;
    await noise(2_000_000);
    const job = await removeNoise();
    await allow(1);
    await pruneUndo(butler, signal);
    const before = await butler.store.executions(job.id);
    await butler.store.rebuild();
    assert.deepEqual(await butler.store.executions(job.id), before);
    assert.deepEqual(await butler.store.undoKept(), []);
  });

  it('is made by itself after a job ended', async () => {
    const { butler } = crew.stage;
    await allow(1);
    await noise(2_000_000);
    const troubles: string[] = [];
    const keeper = keepUndoRoom(butler, (what) => troubles.push(what));
    await removeNoise();
    assert.equal((await butler.store.undoKept()).length, 1, 'not in the way of the job itself');
    await keeper.stop();
    assert.deepEqual([await butler.store.undoKept(), troubles], [[], []]);
  });
});
