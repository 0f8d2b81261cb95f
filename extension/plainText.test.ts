import assert from 'node:assert/strict';
import fc from 'fast-check';
import { plainText } from './plainText.ts';

describe('text of unknown origin in a label', () => {
  it('spells out what cannot be seen', () => {
    assert.equal(plainText('safe\u202Etxt.exe'), 'safe\\u202etxt.exe');
    assert.equal(plainText('a\u200bb\u{e0041}c\u0007'), 'a\\u200bb\\u{e0041}c\\u0007');
  });

  it('stays on one line', () => {
    assert.equal(plainText('one\r\ntwo\tthree'), 'one two three');
  });

  it('holds no link that a notification would follow, and no icon', () => {
    assert.equal(plainText('[Yes](command:evil)'), '[Yes] (command:evil)');
    assert.equal(plainText('$(check) done'), '$ (check) done');
    fc.assert(
      fc.property(fc.string(), fc.string(), (label, address) => {
        const text = plainText(`[${label}](${address})$(${label})`, 10_000);
        assert.ok(!text.includes('](') && !text.includes('$('));
      }),
    );
  });

  it('keeps head and tail of a long text', () => {
    const text = plainText(`${'a'.repeat(400)} && rm -rf /`);
    assert.ok(text.length <= 302 && text.startsWith('aaa') && text.endsWith('&& rm -rf /'));
  });
});
