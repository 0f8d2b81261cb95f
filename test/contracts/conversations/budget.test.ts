import assert from 'node:assert/strict';
import { saveSettings } from '../../../server/core/settings.ts';
import { type Budget, defaultBudget, type Limits } from '../../../server/protocol/cost.ts';
import { anthropicEvents as a } from '../providers/anthropicEvents.ts';
import { stream } from '../providers/wire.ts';
import { calls, type Line, type ModelStage, says, setModelStage } from './model.ts';

const look = (folder: string) => calls(['list_files', { path: folder }]);
const rounds = [look('docs'), look('src'), look('docs/reference')];
const done = says('Done.');

/** An answer that counts its tokens. */
const costs =
  (input: number, output: number, text: string): Line =>
  () =>
    stream(
      a.start({ input_tokens: input, output_tokens: 1 }),
      ...a.text(0, text),
      ...a.end('end_turn', { output_tokens: output }),
    );

describe('the budget of a job', function () {
  this.timeout(60_000);
  let stage: ModelStage;
  const set = async (script: readonly Line[], limits: Partial<Limits>, day: Partial<Budget['day']> = {}) => {
    stage = await setModelStage(script);
    const budget = { job: { ...defaultBudget.job, ...limits }, day: { ...defaultBudget.day, ...day } };
    const saved = await saveSettings(stage.butler, { budget }, 'person:test');
    assert.ok(saved.ok);
  };
  afterEach(() => stage.close());

  it('asks a person at its limit, goes on with a yes, and asks again at the next one', async () => {
    await set([...rounds, done], { rounds: 2 });
    const job = await stage.hand(stage.ability, 'Look around');
    const first = await stage.question(job);
    assert.equal(first.title, 'Go on with this job, up to 4 rounds');
    assert.equal(stage.requests.length, 2);
    await stage.decide(first, 'approve');
    assert.equal((await stage.end(job)).state, 'completed');
    await stage.tells('budgetRaised', job.session);
  });

  it('ends with a no, and what was done stays', async () => {
    await set([...rounds, done], { rounds: 1 });
    const job = await stage.hand(stage.ability, 'Look around');
    await stage.decide(await stage.question(job), 'deny', 'this is dear enough');
    const { state, failure } = await stage.end(job);
    assert.deepEqual([state, failure?.kind], ['failed', 'denied']);
    assert.match(failure?.what ?? '', /limit of 1 rounds.*this is dear enough/);
    assert.equal(stage.requests.length, 1);
  });

  it('counts tokens of all kinds, and those of the day over all jobs', async () => {
    await set([costs(600, 300, 'One.'), costs(10, 10, 'Two.')], {}, { tokens: 800 });
    const first = await stage.hand(stage.ability, 'Say one');
    assert.equal((await stage.end(first)).cost.tokens, 900);
    const second = await stage.hand(stage.ability, 'Say two');
    const question = await stage.question(second);
    assert.match(question.title, /^Go on today, up to/);
    await stage.decide(question, 'approve');
    assert.equal((await stage.end(second)).state, 'completed');
    assert.equal((await stage.butler.store.admin()).today.tokens, 920);
  });

  it('is not widened by an Ability, only tightened', async () => {
    stage = await setModelStage([...rounds, done], { draft: { limits: { rounds: 2, tokens: 1e12 } } });
    const job = await stage.hand(stage.ability, 'Look around');
    assert.match((await stage.question(job)).title, /up to 4 rounds/);
  });

  it('doubles with each yes, and is never asked for the same again', async () => {
    await set([...rounds, done], { rounds: 1 });
    const job = await stage.hand(stage.ability, 'Look around');
    await stage.decide(await stage.question(job), 'approve');
    await stage.decide(await stage.question(job), 'approve');
    assert.equal((await stage.end(job)).state, 'completed');
    const { entries } = await stage.butler.store.entries({
      filter: { job: job.id, types: ['budget.raised'] },
      after: 0,
      limit: 10,
    });
    assert.deepEqual(
      entries.map((entry) => entry.type === 'budget.raised' && entry.data.allowed),
      [2, 4],
    );
  });
});
