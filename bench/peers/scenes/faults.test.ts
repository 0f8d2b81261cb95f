import assert from 'node:assert/strict';
import type { Asked } from '../model/script.ts';
import { recoveryIn } from './faults.ts';

const asked = (arrived: number, fault: Asked['fault'] = null): Asked => ({
  kind: 'loop',
  arrived,
  answered: arrived + 1,
  bytes: 1,
  results: 0,
  doubled: 0,
  shared: null,
  fault,
});

describe('the time from a fault to the next good request', () => {
  it('is counted from the end of the first fault over all that follow', () => {
    assert.equal(recoveryIn([asked(0), asked(10, 'broken'), asked(20, 'broken'), asked(50)]), 39);
  });

  it('is not known where no request follows', () => {
    assert.equal(recoveryIn([asked(0), asked(10, 'malformed')]), null);
  });
});
