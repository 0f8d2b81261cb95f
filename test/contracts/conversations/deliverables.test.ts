import assert from 'node:assert/strict';
import { undoJob } from '../../../server/core/undo.ts';
import { calls, does, type ModelStage, says, setModelStage, type Wish } from './model.ts';

const save = (...files: readonly [path: string, content: string][]): Wish => [
  'save_deliverable',
  { title: 'A page', files: files.map(([path, content]) => ({ path, content })) },
];
const publish = does((asked) => [['publish', { deliverable: asked.deliverable() }]]);
const done = says('It is published.');

describe('a model that delivers', function () {
  this.timeout(60_000);
  let stage: ModelStage;
  afterEach(() => stage.close());

  it('saves, asks before it publishes, and has it taken back by undo', async () => {
    stage = await setModelStage([
      calls(['publish', {}]),
      calls(save(['index.html', '<p>Hello</p>'], ['notes/a.txt', 'a'])),
      publish,
      done,
    ]);
    const job = await stage.hand(stage.ability, 'Publish a page');
    const question = await stage.question(job);
    await assert.rejects(stage.read('public/index.html'));
    const [open] = await stage.butler.store.pendingApprovals(job.id);
    const notes = open?.preview?.kind === 'files' ? open.preview.notes : [];
    assert.deepEqual(notes, ['index.html: It has no title.']);
    await stage.decide(question, 'approve');
    assert.equal((await stage.end(job)).state, 'completed');
    assert.equal(await stage.read('public/notes/a.txt'), 'a');
    await stage.tells('modelPublishes', job.session);
    const undone = await undoJob(stage.butler, { id: job.id }, 'person:test');
    assert.ok(undone.ok && undone.value.conflicts.length === 0);
    await assert.rejects(stage.read('public/index.html'));
    await stage.tells('modelPublicationUndone', job.session);
  });

  it('publishes again to the same place under what was allowed for the job, and nothing protected', async () => {
    stage = await setModelStage(
      [
        calls(save(['index.html', 'one'])),
        publish,
        calls(save(['index.html', 'two'])),
        publish,
        calls(save(['index.html', 'three'], ['package.json', '{}'])),
        publish,
        says('The last one was refused.'),
      ],
      { draft: { target: { type: 'local', config: { folder: 'web' } } } },
    );
    const job = await stage.hand(stage.ability, 'Publish a page three times');
    await stage.decide(await stage.question(job), 'approveForJob');
    const question = await stage.question(job);
    assert.equal(question.protected, true);
    assert.equal(await stage.read('web/index.html'), 'two');
    await stage.decide(question, 'deny');
    await stage.end(job);
    assert.equal(await stage.read('web/index.html'), 'two');
    await stage.tells('modelPublishesAgain', job.session);
  });
});
