import assert from 'node:assert/strict';
import { clockTime, namedTime } from './clockTime.ts';

describe('a time between a person and the terminal', () => {
  const { TZ } = process.env;
  before(() => {
    process.env.TZ = 'America/New_York';
  });
  after(() => {
    if (TZ === undefined) delete process.env.TZ;
    else process.env.TZ = TZ;
  });

  it('names its day only where that is not today', () => {
    const now = Date.parse('2026-01-31T23:30:00-05:00');
    assert.equal(clockTime(now + 60_000, now), '23:31');
    assert.equal(clockTime(now + 3_600_000, now), '1 Feb, 00:30');
  });

  it('is midnight here where a day is named, and what it says where more is', () => {
    assert.equal(namedTime('2026-01-31'), Date.parse('2026-01-31T00:00:00-05:00'));
    assert.equal(namedTime('2026-01-31T10:00Z'), Date.parse('2026-01-31T10:00:00Z'));
    assert.equal(Number.isNaN(namedTime('someday')), true);
  });
});
