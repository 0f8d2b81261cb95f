import assert from 'node:assert/strict';
import fc from 'fast-check';
import { changedLines } from './changedLines.ts';

describe('the lines in which two texts differ', () => {
  it('are told with those around them', () => {
    const before = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];
    const after = before.with(4, 'five');
    assert.deepEqual(changedLines(before.join('\n'), after.join('\n')), [
      '…',
      ' 3',
      ' 4',
      '-5',
      '+five',
      ' 6',
      ' 7',
      '…',
    ]);
    assert.deepEqual(changedLines('a\n', 'a\n'), []);
    assert.deepEqual(changedLines('', 'a\r\nb\n'), ['+a', '+b']);
    assert.deepEqual(changedLines('a', ''), ['-a']);
  });

  it('hold all that is gone and all that came, whatever the texts are', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });
    fc.assert(
      fc.property(text, text, (old, now) => {
        const lines = changedLines(old.join('\n'), now.join('\n'));
        const gone = lines.filter((line) => line.startsWith('-')).length;
        const come = lines.filter((line) => line.startsWith('+')).length;
        assert.equal(old.length - gone, now.length - come);
      }),
    );
  });

  it('are one block where a changed stretch is very long', () => {
    const many = (word: string) =>
      Array.from({ length: 3000 }, (_none, index) => `${word}${index}`).join('\n');
    const lines = changedLines(many('a'), many('b'));
    assert.deepEqual([lines.length, lines[0], lines[3000]], [6000, '-a0', '+b0']);
  });
});
