import assert from 'node:assert/strict';
import { defaultBudget } from '../server/protocol/cost.ts';
import { type BudgetKey, budgetKeys, budgetRows, limitStep, withLimit } from './budgetForm.ts';
import { costWords, countWords, moneyWords } from './costWords.ts';
import { english as t } from './translate.ts';

function wrongIn(key: BudgetKey, text: string): string | null {
  const step = limitStep(key, defaultBudget, t);
  return step.kind === 'text' ? step.wrong(text) : null;
}

describe('the budget', () => {
  it('is shown limit by limit, for a job and for a day', () => {
    const rows = budgetRows({ ...defaultBudget, day: { usd: null, tokens: 30_000_000 } }, t);
    assert.deepEqual(
      rows.map(({ value }) => value),
      [...budgetKeys],
    );
    assert.equal(rows.find(({ value }) => value === 'day.usd')?.description, 'no limit');
  });

  it('changes one limit and keeps the others', () => {
    const changed = withLimit(defaultBudget, 'job.usd', ' 2,5 ');
    assert.deepEqual(changed, { ...defaultBudget, job: { ...defaultBudget.job, usd: 2.5 } });
    assert.deepEqual(withLimit(changed, 'day.tokens', '1 000 000').day, { usd: 25, tokens: 1_000_000 });
    assert.equal(withLimit(defaultBudget, 'job.rounds', '').job.rounds, null);
  });

  it('takes no limit that would mean nothing or something else', () => {
    for (const text of ['0', '-5', 'much', '5,000', '1e9']) assert.ok(wrongIn('job.usd', text), text);
    assert.ok(wrongIn('job.tokens', '2.5'));
    for (const text of ['', '5', '0.50']) assert.equal(wrongIn('job.usd', text), null, text);
  });
});

describe('a cost in words', () => {
  const cost = { tokens: 12_300, usd: 0.42, unpriced: false };

  it('is money and tokens, small sums not rounded away', () => {
    assert.equal(costWords(cost, t, 'en'), '$0.42 · 12.3K tokens');
    assert.equal(moneyWords(0.0042, 'en'), '$0.0042');
    assert.equal(countWords(9_999, 'en'), '9,999');
  });

  it('says where no price is known', () => {
    assert.equal(costWords({ ...cost, unpriced: true }, t, 'en'), 'at least $0.42 · 12.3K tokens');
    assert.equal(costWords({ ...cost, usd: 0, unpriced: true }, t, 'en'), 'no price known · 12.3K tokens');
    assert.equal(costWords({ ...cost, tokens: 0 }, t, 'en'), 'nothing spent');
  });
});
