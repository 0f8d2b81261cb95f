import assert from 'node:assert/strict';
import fc from 'fast-check';
import { revealed } from '../../server/protocol/reveal.ts';
import { drawn, mostStretches } from './stretches.ts';

const signs = fc.constantFrom('a', ' ', '\n', '\u200b', '\u202e', '\u00ad');

describe('the stretches that are drawn', () => {
  it('say what the text reveals, no two neighbours of one kind', () => {
    fc.assert(
      fc.property(fc.array(signs, { maxLength: 60 }), (letters) => {
        const stretches = drawn(letters.join(''));
        assert.equal(stretches.map(({ text }) => text).join(''), revealed(letters.join('')));
        assert.ok(stretches.every(({ escaped }, at) => escaped !== stretches[at - 1]?.escaped));
      }),
    );
  });

  it('are one for any number of invisible signs in a row', () => {
    assert.deepEqual(drawn('\u200b'.repeat(3)), [{ text: '\\u200b\\u200b\\u200b', escaped: true }]);
    assert.equal(drawn('\u200b'.repeat(20_000)).length, 1);
  });

  it('are bounded where invisible signs stand between all letters, and none goes unmarked or unsaid', () => {
    const text = 'a\u200b'.repeat(mostStretches);
    const [only, ...others] = drawn(text);
    assert.deepEqual(others, []);
    assert.deepEqual(only, { text: revealed(text), escaped: true });
    assert.equal(drawn('a\u200b'.repeat(mostStretches / 2)).length, mostStretches);
  });
});
