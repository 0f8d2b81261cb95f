import assert from 'node:assert/strict';
import type { Draft } from '../../../server/core/ports/store.ts';
import { exportActs, queryActs } from '../../../server/main/activity.ts';
import type { Act } from '../../../server/protocol/activity.ts';
import { type Stage, setStage } from '../../support/stage.ts';

const long = 30_000;

describe('the log of what was done', function () {
  this.timeout(60_000);
  let stage: Stage;
  beforeEach(async () => {
    stage = await setStage({ serve: false });
  });
  afterEach(() => stage.close());

  const ask = async (query: string, rest: { before?: number; limit?: number } = {}) => {
    const found = await queryActs(stage.butler, { query, limit: 100, ...rest });
    return found.ok ? found.value : assert.fail(found.failure.what);
  };
  const titles = async (query: string) => (await ask(query)).acts.map(({ title }) => title);

  it('tells of each act once, with what it touched and what came of it, until it is taken back', async () => {
    stage.butler.serve();
    const job = await stage.hand('site-from-readme', 'Publish the docs as a site');
    const waiting = await ask('waiting');
    const question = await stage.question(job);
    assert.ok((await titles('published waiting')).includes(question.title), JSON.stringify(waiting));
    await stage.decide(question, 'approve');
    await stage.end(job);
    const [published] = (await ask('published tool:publish today')).acts;
    assert.equal(published?.outcome, 'ok');
    assert.equal(published?.ability, 'site-from-readme');
    assert.deepEqual(published?.effects, ['publish']);
    assert.match(published?.objects[0] ?? '', /^local: .*public$/);
    assert.deepEqual(await titles('waiting'), []);
    assert.deepEqual(await titles('approved by me'), [`Approved: ${question.title}`]);
    assert.match((await titles('jobs by me')).join(), /^Hand over: Publish the docs/);
    const { undoJob } = await import('../../../server/core/undo.ts');
    await undoJob(stage.butler, { id: job.id }, 'person:test');
    assert.equal((await ask('tool:publish')).acts[0]?.outcome, 'undone');
    assert.deepEqual(await titles('published denied'), []);
    assert.deepEqual((await ask(`job:${job.id}`)).acts.length, (await ask('')).acts.length);
  });

  it('tells what a person denied', async () => {
    stage.butler.serve();
    const job = await stage.hand('site-from-readme', 'Publish the docs as a site');
    const question = await stage.question(job);
    await stage.decide(question, 'deny', 'not today');
    await stage.end(job);
    const [act, ...more] = (await ask('publish denied today')).acts;
    assert.deepEqual(more, []);
    assert.equal(act?.title, `Denied: ${question.title}`);
    assert.equal(act?.note, 'not today');
    assert.equal(act?.actor, 'person:test');
  });

  it('tells what the policy denied, and what it would have been', async () => {
    const rule = { decision: 'deny', target: 'local', why: 'Nothing goes out.' } as const;
    assert.ok((await stage.butler.policyFiles.change({ kind: 'add', rule })).ok);
    stage.butler.serve();
    await stage.end(await stage.hand('site-from-readme', 'Publish the docs as a site'));
    const [act, ...more] = (await ask('publish denied today')).acts;
    assert.deepEqual(more, []);
    assert.match(act?.title ?? '', /^Publish /);
    assert.match(act?.objects[0] ?? '', /^local: .*public$/);
    assert.match(act?.note ?? '', /Nothing goes out/);
    assert.deepEqual(await titles('read denied'), []);
  });

  it('is the same in pages as in one, and in the export', async () => {
    await append(stage, 250);
    const all = await ask('', { limit: 1000 });
    assert.equal(all.acts.length, 250);
    const paged: Act[] = [];
    for (let before: number | undefined, more = true; more; ) {
      const page = await ask('', { limit: 7, ...(before ? { before } : {}) });
      paged.push(...page.acts);
      more = page.more;
      before = page.next;
    }
    assert.deepEqual(paged, all.acts);
    const json = await exportActs(stage.butler, { query: '', form: 'json' });
    assert.ok(json.ok);
    assert.deepEqual(JSON.parse(json.value.content), all.acts.toReversed());
    const csv = await exportActs(stage.butler, { query: 'job', form: 'csv' });
    assert.ok(csv.ok);
    assert.ok(!/(^|,)[=+@-]/m.test(csv.value.content), csv.value.content.slice(0, 500));
  });

  it('comes to an end however long the journal is and however little is found', async () => {
    await append(stage, long);
    assert.deepEqual((await ask('"not to be found"', { limit: 5 })).acts, []);
    const few = await ask('key number-17.', { limit: 5 });
    assert.deepEqual(
      few.acts.map(({ title }) => title),
      ['Change the key number-17.: =cmd()'],
    );
  });

  it('names the words of a question that cannot be', async () => {
    const found = await queryActs(stage.butler, { query: 'mail deleted', limit: 10 });
    assert.ok(!found.ok && found.failure.what.includes('"mail" and "deleted"'));
  });
});

async function append(stage: Stage, count: number): Promise<void> {
  const drafts = Array.from({ length: count }, (_, index): Draft => {
    const data = { name: `number-${index}.`, where: '=cmd()' };
    return { stream: 'admin', type: 'secret.changed', actor: 'person:test', data };
  });
  const outcome = await stage.butler.store.append(drafts);
  assert.ok(outcome.ok);
}
