import assert from 'node:assert/strict';
import { parseCorpus } from './corpus.ts';
import type { Surface } from './surface.ts';

const surfaces: Record<string, Surface> = {
  path: {
    answers: ['deny'],
    fault: (one) => (one.tool === 7 ? { field: 'tool', what: 'must be a word' } : null),
    open: () => assert.fail('nothing is played here'),
  },
};

describe('a corpus from outside', () => {
  it('is read line by line, comments and empty lines left out', () => {
    const text = '// ours\n\n{"surface":"path","text":"..","expected":"deny"}\n';
    assert.deepEqual(parseCorpus(text, 'x.jsonl', surfaces), [
      { one: { surface: 'path', text: '..', expected: 'deny' }, at: 'x.jsonl:3' },
    ]);
  });

  const bad = [
    ['{', /x\.jsonl:1: the line is no JSON/],
    ['[]', /x\.jsonl:1: field "line"/],
    ['{"surface":"path","expected":"deny"}', /field "text"/],
    ['{"surface":"path","text":7,"expected":"deny"}', /field "text"/],
    ['{"surface":"path","text":".."}', /field "expected"/],
    ['{"surface":"path","text":"..","expected":"yes"}', /field "expected": "yes" is none of deny/],
    ['{"surface":"toString","text":"..","expected":"deny"}', /field "surface": "toString" is none of path/],
    ['{"surface":"path","text":"..","expected":"deny","tool":7}', /field "tool": must be a word/],
  ] as const;
  for (const [line, error] of bad) {
    it(`names what is wrong in ${line}`, () =>
      assert.throws(() => parseCorpus(line, 'x.jsonl', surfaces), error));
  }
});
