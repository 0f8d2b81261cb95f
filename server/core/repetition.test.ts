import assert from 'node:assert/strict';
import { proposed } from '../protocol/callFold.ts';
import type { Transcript } from '../protocol/transcript.ts';
import type { Call, Turn } from '../protocol/turn.ts';
import { goesInCircles, mostRepeats } from './repetition.ts';

const call = (path: string, output: string | null = 'the text'): Call => ({
  ...proposed({ kind: 'call', call: crypto.randomUUID(), tool: 'read_file', input: { path } }, 0),
  output,
});

function having(calls: readonly Call[], job = 'job'): Transcript {
  const turns = calls.map(
    (one, index): Turn => ({
      kind: 'assistant',
      key: String(index + 1),
      job,
      time: 0,
      parts: [],
      calls: [one],
      provider: 'p',
      model: '',
      stop: 'calls',
      usage: null,
      usd: null,
    }),
  );
  return { turns, jobs: {}, replaced: {}, seq: calls.length };
}

const times = (count: number, ...paths: string[]) =>
  Array.from({ length: count }, () => paths.map((path) => call(path))).flat();

describe('a job goes in circles', () => {
  it('when it asks the same again and again', () => {
    assert.equal(goesInCircles(having(times(mostRepeats, 'a')), 'job', call('a', null)), true);
    assert.equal(goesInCircles(having(times(mostRepeats - 1, 'a')), 'job', call('a', null)), false);
  });

  it('when it asks two or three things in turn', () => {
    assert.equal(goesInCircles(having(times(mostRepeats, 'a', 'b')), 'job', call('a', null)), true);
    assert.equal(goesInCircles(having(times(mostRepeats, 'a', 'b', 'c')), 'job', call('a', null)), true);
    assert.equal(goesInCircles(having(times(mostRepeats, 'a', 'b')), 'job', call('b', null)), false);
  });

  it('not when a result changes, when something else is asked, or when another job asked', () => {
    const changed = [...times(mostRepeats - 1, 'a'), call('a', 'another text')];
    assert.equal(goesInCircles(having(changed), 'job', call('a', null)), false);
    assert.equal(goesInCircles(having(times(mostRepeats, 'a')), 'job', call('b', null)), false);
    assert.equal(goesInCircles(having(times(mostRepeats, 'a'), 'other'), 'job', call('a', null)), false);
  });
});
