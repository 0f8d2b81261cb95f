import assert from 'node:assert/strict';
import { csvField } from './table.ts';

describe('a field of the CSV export', () => {
  it('is quoted only where it must be', () => {
    assert.equal(csvField('plain'), 'plain');
    assert.equal(csvField('a,"b"\nc'), '"a,""b""\nc"');
  });
  for (const formula of [
    '=1+1',
    '@SUM(A1)',
    '+1',
    '-1+cmd',
    ' =1+1',
    '\t=1+1',
    '\u200b=1+1',
    '＝1+1',
    '|calc',
    '\r=1',
  ]) {
    it(`cannot become a formula in a spreadsheet: ${JSON.stringify(formula)}`, () => {
      assert.match(csvField(formula), /^"?'/);
    });
  }
});
