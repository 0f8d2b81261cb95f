import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { redoJob } from '../../../server/core/redo.ts';
import { undoJob } from '../../../server/core/undo.ts';
import type { Mode } from '../../../server/protocol/policy.ts';
import { type Answering, calls, crewOfEachTest, says, scripted } from './crew.ts';

describe('work in git', function () {
  this.timeout(60_000);
  const { crew, stage } = crewOfEachTest();
  beforeEach(async () => {
    git('config', 'user.name', 'Tester');
    git('config', 'user.email', 'tester@example.com');
    await writeFile(path.join(stage.workspace, 'README.md'), '# Changed\n');
  });

  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: stage.workspace, encoding: 'utf8', stdio: 'pipe' });
  const work = (mode: Mode, ...script: Answering[]) => {
    const { provider } = scripted(...script, says('Done.'));
    crew.work(`worker-${mode}`, { provider, mode: () => mode });
    return stage.hand('butler', 'Do it');
  };
  const commits = () => Number(git('rev-list', '--count', 'HEAD'));

  it('is asked for with what it holds, done once, taken back with its job and done again', async () => {
    const before = commits();
    const job = await work('ask', calls('commit', { message: 'docs: change', paths: ['README.md'] }));
    const approval = await stage.question(job);
    assert.match(approval.title, /^Commit 1 file on /);
    assert.equal(approval.protected, false);
    await stage.decide(approval, 'approve');
    assert.equal((await stage.end(job)).state, 'completed');
    assert.equal(commits(), before + 1);
    const undone = await undoJob(stage.butler, { id: job.id }, 'person:test');
    assert.ok(undone.ok && undone.value.conflicts.length === 0);
    assert.equal(commits(), before);
    const redone = await redoJob(stage.butler, { id: job.id }, 'person:test');
    assert.ok(redone.ok && redone.value.conflicts.length === 0);
    assert.equal(commits(), before + 1);
  });

  it('runs by itself in the assisted mode, for it can be taken back', async () => {
    const job = await work('assisted', calls('commit', { message: 'docs: change' }));
    assert.equal((await stage.end(job)).state, 'completed');
    assert.match(git('log', '-1', '--format=%s'), /docs: change/);
  });

  it('asks in every mode where a branch brings a file that may change nothing unasked', async () => {
    git('stash', '-q');
    git('switch', '-q', '-c', 'other');
    await mkdir(path.join(stage.workspace, '.vscode'), { recursive: true });
    await writeFile(path.join(stage.workspace, '.vscode/tasks.json'), '{"tasks": []}\n');
    git('add', '-Af');
    git('commit', '-q', '-m', 'tasks');
    git('switch', '-q', '-');
    const job = await work('allow', calls('switch_branch', { name: 'other' }));
    const approval = await stage.question(job);
    assert.equal(approval.protected, true);
    assert.ok(approval.effects.some((effect) => 'shown' in effect && effect.shown === '.vscode/tasks.json'));
    await stage.decide(approval, 'deny');
    await stage.end(job);
    assert.notEqual(git('branch', '--show-current').trim(), 'other');
  });

  it('fetches no page in any mode before a person or a rule of a person said so', async () => {
    for (const mode of ['assisted', 'allow'] as const) {
      const job = await work(mode, calls('fetch_page', { url: 'https://page.example.invalid.example/' }));
      const approval = await stage.question(job);
      assert.deepEqual(approval.effects, [{ kind: 'network', host: 'page.example.invalid.example' }]);
      await stage.decide(approval, 'deny');
      await stage.end(job);
      await crew.dismiss();
    }
  });
});
