import assert from 'node:assert/strict';
import { highlight, longestCode, longestLine } from './highlight.ts';

describe('highlight', () => {
  it('paints code of a known language', () => {
    assert.match(highlight('const a = 1;', 'javascript') ?? '', /<span class="hljs-keyword">const<\/span>/);
    assert.equal(highlight('const a = 1;', 'unheard'), null);
  });

  it('leaves code plain that is longer, or has a longer line, than any grammar bears', () => {
    const line = `${'a'.repeat(longestLine)}\n`;
    const most = line.repeat(Math.floor(longestCode / line.length));
    assert.notEqual(highlight(most, 'javascript'), null);
    assert.equal(highlight(most + line, 'javascript'), null);
    assert.equal(highlight('a'.repeat(longestLine + 1), 'javascript'), null);
  });

  for (const language of ['markdown', 'typescript', 'csharp', 'c', 'java', 'xml', 'json', 'yaml', 'python']) {
    it(`comes to an end on every text that repeats what ${language} looks for`, () => {
      for (const part of ['a', '[a](', 'function ', 'int ', 'e', '<b ', '"', '{', '/*', '`', ' ']) {
        const line = `${part.repeat(Math.floor(longestLine / part.length))}\n`;
        const code = line.repeat(Math.floor(longestCode / line.length));
        const painted = highlight(code, language) ?? '';
        assert.ok(painted.length >= code.length, JSON.stringify(part));
      }
    });
  }
});
