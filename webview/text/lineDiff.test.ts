import assert from 'node:assert/strict';
import fc from 'fast-check';
import { endsOf, lineDiff, withGaps } from './lineDiff.ts';

const texts = fc
  .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })
  .map((lines) => lines.join('\n'));

describe('lineDiff', () => {
  it('loses no line of either text, whatever they are', () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const lines = lineDiff(before, after);
        const side = (left: string) =>
          lines.flatMap((line) => (line.change === left ? [] : [line.text])).join('\n');
        assert.equal(side('added'), before);
        assert.equal(side('removed'), after);
      }),
    );
  });

  it('shows a new file as added lines only', () => {
    assert.deepEqual(
      lineDiff(null, 'x\ny').map((line) => line.change),
      ['added', 'added'],
    );
  });

  it('shows one changed line as removed and added', () => {
    assert.deepEqual(
      lineDiff('1\n2\n3', '1\ntwo\n3').map((line) => `${line.change} ${line.text}`),
      ['same 1', 'removed 2', 'added two', 'same 3'],
    );
  });

  it('folds unchanged lines that are far from a change, and says how many', () => {
    const before = Array.from({ length: 40 }, (_, index) => `${index}`).join('\n');
    const rows = withGaps(lineDiff(before, before.replace('20', 'twenty')));
    assert.deepEqual(rows[0], { change: 'gap', count: 17 });
    assert.deepEqual(rows.at(-1), { change: 'gap', count: 16 });
    assert.equal(rows.length, 2 + 8);
  });

  it('reads each long line once however many others are almost the same', () => {
    const line = (at: number) => `${'a'.repeat(5_000)}${at}`;
    const before = Array.from({ length: 1_500 }, (_, at) => line(at)).join('\n');
    const after = Array.from({ length: 1_500 }, (_, at) => line(at + 1)).join('\n');
    const changed = lineDiff(before, after).filter(({ change }) => change !== 'same');
    assert.deepEqual(
      changed.map(({ change, text }) => [change, text.slice(5_000)]),
      [
        ['removed', '0'],
        ['added', '1500'],
      ],
    );
  });
});

describe('the ends of a long difference', () => {
  const rows = lineDiff(null, Array.from({ length: 100 }, (_, at) => `line ${at}`).join('\n'));

  it('are its head and its tail, and the number between', () => {
    const { head, between, tail } = endsOf(rows, 9);
    assert.deepEqual([head.length, between, tail.length], [6, 91, 3]);
    assert.deepEqual([head[0], tail.at(-1)], [rows[0], rows.at(-1)]);
  });

  it('leave out nothing where there are no more than may be shown', () => {
    assert.deepEqual(endsOf(rows, 100), { head: rows, between: 0, tail: [] });
  });
});
