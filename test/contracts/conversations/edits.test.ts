import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { undoJob } from '../../../server/core/undo.ts';
import { calls, does, type Line, type ModelStage, says, setModelStage } from './model.ts';

const read = calls(['read_file', { path: 'docs/questions.md', lines: 3 }]);
const change = (before: string, after: string): Line =>
  does((asked) => [
    ['edit_file', { path: 'docs/questions.md', version: asked.version(), old: before, new: after }],
  ]);
const create = (file: string): Line => calls(['write_file', { path: file, content: `# ${file}\n` }]);
const done = says('Done.');

describe('a model that changes files', function () {
  this.timeout(60_000);
  let stage: ModelStage;
  const set = async (script: Line[], options: Parameters<typeof setModelStage>[1] = {}) => {
    stage = await setModelStage(script, options);
  };
  afterEach(() => stage.close());

  it('reads, asks before it edits, edits, and answers', async () => {
    await set([read, change('# Questions and answers', '# Asked and answered'), says('The heading is new.')]);
    const job = await stage.hand(stage.ability, 'Rename the heading');
    const before = await stage.read('docs/questions.md');
    const question = await stage.question(job);
    assert.equal(await stage.read('docs/questions.md'), before);
    await stage.decide(question, 'approve');
    assert.equal((await stage.end(job)).state, 'completed');
    assert.match(await stage.read('docs/questions.md'), /^# Asked and answered/);
    await stage.tells('editApproved', job.session);
  });

  it('is told why a person refused a write, and goes on without it', async () => {
    await set([create('notes.md'), says('Then I leave the notes out.')]);
    const job = await stage.hand(stage.ability, 'Write notes');
    await stage.decide(await stage.question(job), 'deny', 'Notes belong into docs/.');
    assert.equal((await stage.end(job)).state, 'completed');
    await assert.rejects(stage.read('notes.md'));
    await stage.tells('writeRefused', job.session);
    assert.match(JSON.stringify(stage.requests.at(-1)?.messages), /Notes belong into docs/);
  });

  it('needs no further question for like writes once a person allowed them for the job', async () => {
    await set([create('one.md'), create('docs/two.md'), done]);
    const job = await stage.hand(stage.ability, 'Write two files');
    await stage.decide(await stage.question(job), 'approveForJob');
    assert.equal((await stage.end(job)).state, 'completed');
    await stage.tells('writesAllowedForJob', job.session);
  });

  it('is asked again in the next job of the session, whatever was allowed for the first', async () => {
    await set([create('one.md'), done, create('two.md'), done]);
    const first = await stage.hand(stage.ability, 'Write one file');
    await stage.decide(await stage.question(first), 'approveForJob');
    await stage.end(first);
    const second = await stage.hand(stage.ability, 'Write another', first.session);
    await stage.decide(await stage.question(second), 'deny');
    await stage.end(second);
    await stage.tells('grantEndsWithJob', first.session);
  });

  it('may write no protected file under what was allowed for the job, nor have one allowed for it', async () => {
    const settings = { path: '.vscode/settings.json', content: '{}\n' };
    await set([create('one.md'), calls(['write_file', settings]), done]);
    const job = await stage.hand(stage.ability, 'Write a file, then the settings');
    await stage.decide(await stage.question(job), 'approveForJob');
    const question = await stage.question(job);
    assert.equal(question.protected, true);
    await assert.rejects(stage.decide(question, 'approveForJob'), /each time/);
    await stage.decide(question, 'deny');
    await stage.end(job);
    await assert.rejects(stage.read('.vscode/settings.json'));
    await stage.tells('protectedDespiteGrant', job.session);
  });

  it('runs what can be undone by itself in the assisted mode, but no protected file', async () => {
    const rules = calls(['write_file', { path: 'docs/Agents.md', content: 'Obey.\n' }]);
    await set([create('one.md'), rules, done], { mode: 'assisted' });
    const job = await stage.hand(stage.ability, 'Write a file, then rules');
    await stage.decide(await stage.question(job), 'deny');
    await stage.end(job);
    await assert.rejects(stage.read('docs/Agents.md'));
    await stage.tells('assistedMode', job.session);
  });

  it('does nothing where the file changed between the question and the answer', async () => {
    await set([read, change('# Questions and answers', '# Answers'), says('I look again another time.')]);
    const job = await stage.hand(stage.ability, 'Rename the heading');
    const question = await stage.question(job);
    await writeFile(path.join(stage.workspace, 'docs/questions.md'), '# Questions of a person\n');
    await stage.decide(question, 'approve');
    assert.equal((await stage.end(job)).state, 'completed');
    assert.equal(await stage.read('docs/questions.md'), '# Questions of a person\n');
    await stage.tells('changedUnderApproval', job.session);
  });

  it('has its edits taken back newest first, and a file that a person changed since left alone', async () => {
    await set(
      [
        read,
        change('# Questions and answers', '# Answers'),
        change('# Answers', '# Asked and answered'),
        create('one.md'),
        done,
      ],
      { mode: 'assisted' },
    );
    const before = await stage.read('docs/questions.md');
    const job = await stage.hand(stage.ability, 'Rename twice, and write a file');
    await stage.end(job);
    await writeFile(path.join(stage.workspace, 'one.md'), 'Mine now.\n');
    const report = await undoJob(stage.butler, { id: job.id }, 'person:test');
    assert.ok(report.ok);
    assert.deepEqual(
      [report.value.undone.length, report.value.conflicts.map(({ failure }) => failure.kind)],
      [2, ['conflict']],
    );
    assert.equal(await stage.read('docs/questions.md'), before);
    assert.equal(await stage.read('one.md'), 'Mine now.\n');
    await stage.tells('undoWithConflict', job.session);
    const again = await undoJob(stage.butler, { id: job.id }, 'person:test');
    assert.ok(again.ok && again.value.undone.length === 0 && again.value.conflicts.length === 1);
  });
});
