import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { abortJob } from '../../../server/core/jobs.ts';
import { undoJob } from '../../../server/core/undo.ts';
import { approvalLifetime } from '../../../server/protocol/approval.ts';
import { matchesGolden, told } from '../../support/golden.ts';
import { type Stage, setStage } from '../../support/stage.ts';

const text = 'Publish the docs as a site';
const exists = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );
/** What git sees changed in the workspace. */
const changes = async (workspace: string) =>
  (await promisify(execFile)('git', ['status', '--porcelain', '--ignored'], { cwd: workspace })).stdout;

describe('the main job', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await setStage();
  });
  afterEach(() => stage.close());

  it('plans, asks with a preview, publishes when approved, and is taken back by undo', async () => {
    const before = await changes(stage.workspace);
    const job = await stage.hand('site-from-readme', text);
    const question = await stage.question(job);
    const [open] = await stage.butler.store.pendingApprovals(job.id);
    assert.equal(open?.preview?.kind, 'files');
    assert.equal(await exists(path.join(stage.workspace, 'public')), false);
    await stage.decide(question, 'approve');
    assert.equal((await stage.end(job)).state, 'completed');
    assert.match(await readFile(path.join(stage.workspace, 'public/index.html'), 'utf8'), /<!doctype html>/i);
    await matchesGolden('mainJobApproved', told(await stage.transcript(job.session), stage.workspace));

    const undone = await undoJob(stage.butler, { id: job.id }, 'person:test');
    assert.ok(undone.ok);
    assert.deepEqual(undone.value.conflicts, []);
    assert.equal(await changes(stage.workspace), before);
    const [deliverable] = await stage.butler.store.deliverables({ job: job.id, limit: 1 });
    assert.equal(deliverable?.published, null);
    await stage.butler.store.rebuild();
    assert.deepEqual((await stage.butler.store.deliverables({ job: job.id, limit: 1 }))[0], deliverable);
    assert.equal((await stage.butler.store.verify()).state, 'clean');
  });

  it('changes nothing when denied, and says so', async () => {
    const before = await changes(stage.workspace);
    const job = await stage.hand('site-from-readme', text);
    await stage.decide(await stage.question(job), 'deny', 'not today');
    assert.equal((await stage.end(job)).state, 'completed');
    assert.equal(await changes(stage.workspace), before);
    await matchesGolden('mainJobDenied', told(await stage.transcript(job.session), stage.workspace));
  });

  it('is denied by itself after five minutes', async () => {
    const before = await changes(stage.workspace);
    const job = await stage.hand('site-from-readme', text);
    await stage.question(job);
    stage.wait(approvalLifetime + 1);
    assert.equal((await stage.end(job)).state, 'completed');
    assert.equal(await changes(stage.workspace), before);
    await matchesGolden('mainJobExpired', told(await stage.transcript(job.session), stage.workspace));
  });

  it('stops when aborted while it waits for an approval', async () => {
    const job = await stage.hand('site-from-readme', text);
    const question = await stage.question(job);
    assert.ok((await abortJob(stage.butler, job.id, 'person:test')).ok);
    assert.equal((await stage.end(job)).state, 'aborted');
    await assert.rejects(stage.decide(question, 'approve'));
    assert.equal(await exists(path.join(stage.workspace, 'public')), false);
  });

  it('refuses an approval for something else than what was shown, and a second decision', async () => {
    const job = await stage.hand('site-from-readme', text);
    const question = await stage.question(job);
    await assert.rejects(
      stage.decide({ ...question, digest: '0'.repeat(64) }, 'approve'),
      /no longer what was shown/,
    );
    await stage.decide(question, 'deny');
    await assert.rejects(stage.decide(question, 'approve'), /already/);
    await stage.end(job);
  });

  it('can be asked again: a second publication is an update, and each undo brings back what stood before', async () => {
    const first = await stage.hand('site-from-readme', text);
    await stage.decide(await stage.question(first), 'approve');
    await stage.end(first);
    const second = await stage.hand('site-from-readme', text, first.session);
    await stage.decide(await stage.question(second), 'approve');
    assert.equal((await stage.end(second)).state, 'completed');
    assert.ok((await undoJob(stage.butler, { id: second.id }, 'person:test')).ok);
    assert.ok(await exists(path.join(stage.workspace, 'public/index.html')));
    const report = await undoJob(stage.butler, { id: first.id }, 'person:test');
    assert.ok(report.ok && report.value.conflicts.length === 0);
    assert.equal(await exists(path.join(stage.workspace, 'public')), false);
  });
});
