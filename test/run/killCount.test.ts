import assert from 'node:assert/strict';
import { killCount } from '../support/killCount.ts';

describe('how many deaths are played', () => {
  const before = process.env.BUTLER_KILLS;
  afterEach(() => {
    if (before === undefined) delete process.env.BUTLER_KILLS;
    else process.env.BUTLER_KILLS = before;
  });

  for (const [asked, count] of Object.entries({ '': 3, '1': 1, '120': 120, all: 50 })) {
    it(`is ${count} where ${asked === '' ? 'nothing' : asked} is asked and 3 are usual`, () => {
      process.env.BUTLER_KILLS = asked;
      assert.equal(killCount(3), count);
    });
  }

  for (const asked of ['0', '-1', '1.5', 'many']) {
    it(`is refused where ${asked} are asked, so that no test plays none and passes`, () => {
      process.env.BUTLER_KILLS = asked;
      assert.throws(() => killCount(3), /BUTLER_KILLS/);
    });
  }
});
