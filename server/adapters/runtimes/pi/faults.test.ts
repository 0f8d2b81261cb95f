import assert from 'node:assert/strict';
import { faultOf } from './faults.ts';

describe('what pi says of a failed request', () => {
  const kinds: readonly [what: string, kind: string][] = [
    ['401 Incorrect API key provided.', 'auth'],
    ['403: forbidden', 'auth'],
    ['429 {"type":"error"}', 'limited'],
    ['529 overloaded', 'overloaded'],
    ['500 status code (no body)', 'overloaded'],
    ['Connection error.', 'offline'],
    ['connect ECONNREFUSED 127.0.0.1:9', 'offline'],
    ['The answer is 401 pages long.', 'tool'],
    ['', 'tool'],
  ];
  for (const [what, kind] of kinds) {
    it(`is taken as "${kind}": ${what || '(nothing)'}`, () => {
      assert.equal(faultOf(what, 'Mock').kind, kind);
    });
  }
});
