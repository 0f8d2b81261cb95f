import assert from 'node:assert/strict';
import fc from 'fast-check';
import { terminalText } from './terminalText.ts';

const show = (...pieces: string[]) => {
  const take = terminalText();
  return pieces.map(take).join('');
};

const colour = new RegExp(`${String.fromCharCode(27)}\\[[\\d;:]*m`, 'g');

describe('what a command wrote, in a terminal', () => {
  it('keeps text, colours and line ends', () => {
    assert.equal(show('a\nb\r\nc\td'), 'a\r\nb\r\nc\td');
    assert.equal(show('\u001b[1;31mred\u001b[0m'), '\u001b[1;31mred\u001b[0m');
    assert.equal(show('\u001b[38;5;8mgrey\u001b[28m'), '\u001b[38;5;8mgrey\u001b[28m');
    assert.equal(show('\u001b[48;2;8;8;8mdark'), '\u001b[48;2;8;8;8mdark');
    assert.equal(show('grüße 😀 漢字'), 'grüße 😀 漢字');
  });

  it('lets nothing name, link, copy, move, hide or overwrite', () => {
    const tricks = [
      '\u001b]0;title\u0007',
      '\u001b]8;;https://example.org\u001b\\',
      '\u001b]52;c;ZXZpbA==\u0007',
      '\u009d52;c;ZXZpbA==\u009c',
      '\u001bPq#0\u001b\\',
      '\u001b_gone\u001b\\',
      '\u001b[2J',
      '\u001b[1A',
      '\u001b[?25l',
      '\u001b[6n',
      '\u009b2K',
      '\u001bc',
      '\u001b(0',
      '\u001b[>4;1m',
      '\u001b[8m',
      '\u001b[1;08;31m',
      '\u001b[38;5;8;8m',
    ];
    for (const trick of tricks) assert.equal(show(`a${trick}b`), 'ab', JSON.stringify(trick));
    assert.equal(show('safe\revil'), 'safe\r\nevil');
    assert.equal(show('a\bb'), 'a\\u0008b');
    assert.equal(show('a\u202eb\u200bc'), 'a\\u202eb\\u200bc');
  });

  it('says the same however it is cut', () => {
    const text = '\u001b[31mred\u001b[0m\r\n\u001b]52;c;ZXZp\u001b\\end\u001b[2J\u202e.';
    for (let at = 0; at <= text.length; at++)
      assert.equal(show(text.slice(0, at), text.slice(at)), show(text));
  });

  it('shows of any text no other control than colours and line ends', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => {
        const out = show(one, `\u001b]${other}`, other);
        const left = out.replaceAll(colour, '').replaceAll(/\r\n|\t/g, '');
        assert.doesNotMatch(left, /[\p{Cc}\p{Cf}]/u);
      }),
    );
  });
});
