import assert from 'node:assert/strict';
import { readAnswer } from './records.ts';

const said = (usage: object) =>
  readAnswer({ role: 'assistant', content: [{ type: 'text', text: 'Done.' }], stopReason: 'stop', usage });

describe('an answer of pi', () => {
  it('is counted as its service counted it', () => {
    const answer = said({ input: 70, output: 30, cost: { total: 0.1 }, estimated: true });
    const usage = { input: 70, output: 30, cacheRead: 0, cacheWrite: 0 };
    assert.deepEqual(answer, { kind: 'whole', parts: [{ kind: 'text', text: 'Done.' }], stop: 'end', usage });
  });

  it('is none where its counts, alone or together, are more than can be meant', () => {
    for (const usage of [
      { input: 9e15, output: 9e15 },
      { input: 600_000_000, output: 600_000_000 },
      { input: -1, output: 1 },
      { input: 1.5, output: 1 },
      { input: Number.NaN, output: 1 },
    ])
      assert.equal(said(usage), null);
  });
});
