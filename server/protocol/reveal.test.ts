import assert from 'node:assert/strict';
import { reveal, revealed } from './reveal.ts';

describe('reveal', () => {
  it('leaves plain text of any script alone', () => {
    for (const plain of [
      'npm test',
      'Ä ß 日本語 עברית',
      'tab\there\nnext line',
      'emoji 🎩',
      '    indented',
    ]) {
      assert.equal(revealed(plain), plain);
    }
  });

  it('spells out what reorders text', () => {
    assert.equal(revealed('evil\u202etxt.exe'), 'evil\\u202etxt.exe');
    assert.equal(revealed('\u2066a\u2069'), '\\u2066a\\u2069');
  });

  it('spells out what cannot be seen', () => {
    const unseen = [
      '\u200b',
      '\u200d',
      '\ufeff',
      '\u00ad',
      '\u0000',
      '\u001b',
      '\u2028',
      '\u3164',
      '\u2800',
      '\u00a0',
      '\ufe00',
      '\u{e0041}',
      '\u{e0100}',
      '\ue000',
      '\r',
    ];
    for (const character of unseen) {
      const [before, middle, after] = reveal(`a${character}b`);
      assert.deepEqual(
        [before?.text, middle?.escaped, after?.text],
        ['a', true, 'b'],
        JSON.stringify(character),
      );
    }
    assert.equal(revealed('\u{e0041}'), '\\u{e0041}');
  });

  it('counts padding that would push text out of sight', () => {
    assert.equal(revealed(`ls${' '.repeat(200)}; rm -rf /`), 'ls\\u0020{200}; rm -rf /');
    assert.equal(revealed(`ls${'\n'.repeat(80)}rm`), 'ls\\u000a{80}\nrm');
  });

  it('gives one empty stretch for empty text', () => {
    assert.deepEqual(reveal(''), [{ text: '', escaped: false }]);
  });
});
