import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pauseFor } from 'node:timers/promises';
import { commands } from 'vscode';
import { tooSoon } from '../../extension/approvals.ts';
import type { JobRow } from '../../extension/jobTree.ts';
import type { Parts } from '../../extension/parts.ts';
import { createJob, type Job, pause, resume, undoJob } from '../../server/protocol/job.ts';
import { activeParts, folder, until, valueIn } from './parts.ts';

const text = 'Publish the docs as a site';

async function handOver({ worker, board }: Parts): Promise<{ job: Job; question: JobRow }> {
  const job = valueIn(
    await worker.send(createJob, { ability: 'site-from-readme', text, workspace: folder() }),
  );
  const ours = () => board.going.asked.find(({ approval }) => approval.job === job.id);
  await until(board.onChange, () => ours() !== undefined || ended(board, job) !== undefined);
  const asked = ours();
  assert.ok(asked, `The job asked nothing: ${JSON.stringify(ended(board, job))}`);
  return { job, question: { kind: 'asked', asked } };
}

function ended(board: Parts['board'], { id }: Job): Job | undefined {
  const over: readonly Job['state'][] = ['completed', 'failed', 'aborted'];
  return board.going.jobs.find((job) => job.id === id && over.includes(job.state));
}

describe('a job', () => {
  it('asks before it publishes, shows that in tree and status bar, and is done once approved', async () => {
    const parts = await activeParts();
    const { board, status, jobs } = parts;
    const { job, question } = await handOver(parts);
    assert.deepEqual([status.look.text, status.look.warning], ['$(question) 1 waiting', true]);
    const row = (await jobs.getChildren()).find((one) => one.kind === 'job' && one.job.id === job.id);
    assert.ok(row);
    const below = await jobs.getChildren(row);
    assert.deepEqual(
      below.map((one) => jobs.getTreeItem(one).contextValue),
      ['approval', 'deliverable.atWork'],
    );
    assert.equal(jobs.getTreeItem(row).description, 'waits for you');
    assert.equal(existsSync(path.join(folder(), 'public')), false);
    await commands.executeCommand('butler.approval.approve', question);
    await until(board.onChange, () => ended(board, job) !== undefined);
    assert.equal(ended(board, job)?.state, 'completed');
    assert.equal(existsSync(path.join(folder(), 'public/index.html')), true);
    const report = valueIn(await parts.worker.send(undoJob, { id: job.id }));
    assert.deepEqual(report.conflicts, []);
    assert.equal(existsSync(path.join(folder(), 'public/index.html')), false);
  });

  it('is approved by the button of its notification', async () => {
    const parts = await activeParts();
    await commands.executeCommand('notifications.clearAll');
    const { job } = await handOver(parts);
    /** An answer in the first half second is taken for a slip, and the question comes again. */
    await pauseFor(tooSoon + 100);
    await commands.executeCommand('notifications.showList');
    await commands.executeCommand('list.focusFirst');
    await commands.executeCommand('notification.acceptPrimaryAction');
    await until(parts.board.onChange, () => ended(parts.board, job) !== undefined);
    assert.equal(ended(parts.board, job)?.state, 'completed');
    valueIn(await parts.worker.send(undoJob, { id: job.id }));
  });

  it('publishes nothing when it is denied', async () => {
    const parts = await activeParts();
    const { job, question } = await handOver(parts);
    await commands.executeCommand('butler.approval.deny', question);
    await until(parts.board.onChange, () => ended(parts.board, job) !== undefined);
    assert.equal(existsSync(path.join(folder(), 'public/index.html')), false);
  });

  it('can be aborted while it waits', async () => {
    const parts = await activeParts();
    const { job } = await handOver(parts);
    await commands.executeCommand('butler.job.abort', { kind: 'job', job });
    await until(parts.board.onChange, () => ended(parts.board, job)?.state === 'aborted');
    assert.deepEqual(parts.board.going.asked, []);
  });

  it('is not claimed while all work is paused, and the status bar says so', async () => {
    const { worker, board, status } = await activeParts();
    valueIn(await worker.send(pause, {}));
    const job = valueIn(
      await worker.send(createJob, { ability: 'butler', text: '/stats', workspace: folder() }),
    );
    await until(
      board.onChange,
      () => board.going.admin.paused && board.going.jobs.some(({ id }) => id === job.id),
    );
    assert.equal(status.look.text, '$(debug-pause) paused');
    assert.equal(board.going.jobs.find(({ id }) => id === job.id)?.state, 'queued');
    valueIn(await worker.send(resume, {}));
    await until(board.onChange, () => ended(board, job) !== undefined || board.going.asked.length > 0);
  });

  it('leaves its steps in the activity, in words', async () => {
    const { activity } = await activeParts();
    const rows = await activity.getChildren();
    const labels = rows.map((row) => String(activity.getTreeItem(row).label));
    for (const words of [/^Hand over: /, /^Stop a job$/, /^Publish \d+ files/]) {
      assert.ok(
        labels.some((label) => words.test(label)),
        `${words}: ${labels.join(' | ')}`,
      );
    }
  });
});
