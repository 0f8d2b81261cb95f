import assert from 'node:assert/strict';
import { plainForm } from '../../tools/files/textForm.ts';
import { type Edit, edited } from './edits.ts';

describe('the edits that pi asks for', () => {
  const cases: readonly [what: string, before: string, edits: Edit[], wanted: string][] = [
    [
      'change each piece in the text as it stood before',
      'a b c',
      [
        { oldText: 'c', newText: 'a' },
        { oldText: 'a', newText: 'c' },
      ],
      'c b a',
    ],
    [
      'keep the line ends of the file',
      'a\r\nb\r\nc\r\n',
      [{ oldText: 'a\nb', newText: 'x\ny\nz' }],
      'x\r\ny\r\nz\r\nc\r\n',
    ],
    ['are taken as they stand', 'price', [{ oldText: 'price', newText: "$& $1 $'" }], "$& $1 $'"],
  ];
  for (const [what, text, edits, wanted] of cases) {
    it(what, () => {
      const after = edited({ text, form: plainForm }, edits);
      assert.equal(after.ok && after.value.text, wanted);
    });
  }

  const refusals: readonly [what: string, before: string, edits: Edit[], why: RegExp][] = [
    ['name a piece that is not there', 'a', [{ oldText: 'b', newText: '' }], /is not in the file/],
    [
      'name a piece that is there twice, even over itself',
      'aaa',
      [{ oldText: 'aa', newText: '' }],
      /more than once/,
    ],
    [
      'overlap',
      'abc',
      [
        { oldText: 'ab', newText: '' },
        { oldText: 'bc', newText: '' },
      ],
      /overlaps with another one/,
    ],
  ];
  for (const [what, text, edits, why] of refusals) {
    it(`are refused where they ${what}`, () => {
      const after = edited({ text, form: plainForm }, edits);
      assert.match(after.ok ? '' : after.failure.what, why);
    });
  }
});
