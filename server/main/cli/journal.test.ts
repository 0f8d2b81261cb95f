import assert from 'node:assert/strict';
import { csvField } from './journal.ts';

describe('a field of the CSV export', () => {
  it('is quoted only where it must be', () => {
    assert.equal(csvField('plain'), 'plain');
    assert.equal(csvField('a,"b"\nc'), '"a,""b""\nc"');
  });
  it('cannot become a formula in a spreadsheet', () => {
    assert.equal(csvField('=1+1'), "'=1+1");
    assert.equal(csvField('@SUM(A1)'), "'@SUM(A1)");
  });
});
