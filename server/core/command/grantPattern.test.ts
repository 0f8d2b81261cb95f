import assert from 'node:assert/strict';
import { grantPattern } from './grantPattern.ts';

describe('the pattern of a rule for a command', () => {
  it('is the exact words, where more arguments could do more', () => {
    for (const words of [
      'npm test',
      'find . -name x',
      'git log',
      'sort x',
      'rg foo',
      'git diff',
      'date',
      'file x',
    ]) {
      assert.deepEqual(grantPattern(words.split(' ')), words.split(' '));
    }
  });

  it('is open at the end only for what can but tell', () => {
    assert.deepEqual(grantPattern(['ls', '-la', 'src']), ['ls', '...']);
    assert.deepEqual(grantPattern(['git', 'status', '--short']), ['git', 'status', '...']);
    assert.deepEqual(grantPattern(['git', '-C', 'x', 'status']), ['git', '-C', 'x', 'status']);
  });

  it('is none, where the words would stand for others in a pattern', () => {
    for (const argv of [[], ['rm', '*'], ['rm', 'a*b'], ['rm', '...'], ['rm', ''], ['rm', 'x'.repeat(501)]]) {
      assert.deepEqual(grantPattern(argv), []);
    }
    assert.deepEqual(grantPattern(Array.from({ length: 65 }, () => 'a')), []);
  });
});
