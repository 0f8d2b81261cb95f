import assert from 'node:assert/strict';
import { fittingIds } from './callIds.ts';

describe('the ids of calls', () => {
  const nine = fittingIds(/^[a-zA-Z0-9]{9}$/, 9);

  it('stay where they fit', () => {
    assert.equal(nine('D681PevKs'), 'D681PevKs');
  });

  it('become the same fitting one each time where they do not', () => {
    assert.match(nine('toolu_01A09q90qw90lq917835lq9'), /^[a-zA-Z0-9]{9}$/);
    assert.equal(nine('toolu_1'), nine('toolu_1'));
    assert.notEqual(nine('toolu_1'), nine('toolu_2'));
  });
});
