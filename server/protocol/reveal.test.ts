import assert from 'node:assert/strict';
import { reveal } from './reveal.ts';

describe('revealing what cannot be seen', () => {
  it('escapes bidirectional, invisible and control characters', () => {
    assert.equal(reveal('rm \u202e-rf'), 'rm \\u{202e}-rf');
    assert.equal(reveal('a\u200bb\u{e0041}c\u001b[2Jd\u00a0e'), 'a\\u{200b}b\\u{e0041}c\\u{1b}[2Jd\\u{a0}e');
  });
  it('counts padding inside a line and leaves indentation, tabs and lines alone', () => {
    assert.equal(reveal(`ls${' '.repeat(300)}; rm -rf x`), 'ls␠×300; rm -rf x');
    assert.equal(reveal('\t\tx\n                y'), '\t\tx\n                y');
  });
});
