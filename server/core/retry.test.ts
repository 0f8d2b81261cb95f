import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FailureKind, failures } from '../protocol/failure.ts';
import { backOff, longestPause, pauseBefore, remedies } from './retry.ts';

const clockAt = (now: number, chance = 0) => ({ now: () => now, random: () => chance });
const alone = { another: false };
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('a retry', () => {
  it('comes at once where nothing says that the service has too much to do', () => {
    const atOnce: readonly FailureKind[] = ['cut', 'malformed', 'tooLong'];
    for (const kind of FailureKind.options) {
      const pause = pauseBefore({ kind, what: '', mend: '' }, 1, clockAt(0), alone);
      if (remedies[kind].tries === 1) assert.equal(pause, null, kind);
      else assert.equal(pause === 0, atOnce.includes(kind), kind);
    }
  });

  it('waits twice as long each time, never longer than the whole pause and never less than half of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), chance, (nth, random) => {
        const pause = backOff(250, nth, longestPause, { random: () => random });
        const whole = Math.min(longestPause, 250 * 2 ** (nth - 1));
        assert.ok(pause >= whole / 2 && pause <= whole);
      }),
    );
  });

  it('never comes before the time that the service names', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: longestPause - 500 }), chance, (left, random) => {
        const pause = pauseBefore(failures.limited('A', 1_000 + left), 1, clockAt(1_000, random), alone);
        assert.ok(pause !== null && pause >= left);
      }),
    );
  });

  it('does not come where the limit ends too late, and sooner gives up where another could answer', () => {
    const limited = (left: number) => failures.limited('A', left);
    assert.equal(pauseBefore(limited(longestPause + 1), 1, clockAt(0), alone), null);
    assert.equal(pauseBefore(limited(30_000), 1, clockAt(0), { another: true }), null);
    assert.notEqual(pauseBefore(limited(2_000), 1, clockAt(0), { another: true }), null);
    const tried = remedies.overloaded.tries - 1;
    assert.equal(pauseBefore(failures.overloaded('A'), tried, clockAt(0), { another: true }), null);
    assert.notEqual(pauseBefore(failures.overloaded('A'), tried, clockAt(0), alone), null);
  });

  it('ends after as many tries as the failure deserves', () => {
    for (const kind of FailureKind.options) {
      const { tries } = remedies[kind];
      assert.equal(pauseBefore({ kind, what: '', mend: '' }, tries, clockAt(0), alone), null, kind);
    }
  });

  it('is never a request to another provider after a refusal', () => {
    const shopping = FailureKind.options.filter((kind) => remedies[kind].elsewhere);
    assert.deepEqual(shopping, [
      'invalid',
      'notFound',
      'denied',
      'offline',
      'auth',
      'limited',
      'overloaded',
      'tooLong',
      'cut',
      'malformed',
    ]);
  });
});
