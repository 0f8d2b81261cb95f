import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mostTries } from '../../../server/core/network.ts';
import type { FailureKind } from '../../../server/protocol/failure.ts';
import { type Stage, setStage } from '../../support/stage.ts';
import { storyOf, type Told } from './story.ts';
import { elsewhere, passing, runTroubled, type Trouble } from './troubledJob.ts';

const fault = fc.constantFrom<FailureKind>(...passing, 'offline', ...elsewhere);
const death = fc.record({ after: fc.integer({ min: 1, max: 9 }), written: fc.boolean() });
const trouble: fc.Arbitrary<Trouble> = fc.record({
  fallback: fc.boolean(),
  faults: fc.array(fc.array(fault, { maxLength: 3 }), { maxLength: 14 }),
  sends: fc.array(fc.integer({ min: 0, max: mostTries }), { maxLength: 6 }),
  deaths: fc.array(death, { maxLength: 10 }),
});
/** How many troubles are tried; the longer run is asked for by the environment. */
const numRuns = Number(process.env.BUTLER_TROUBLES ?? 40);

describe('any faults and crashes of a job', function () {
  this.timeout(60_000 + numRuns * 1_000);
  let stage: Stage;
  let whole: readonly Told[];
  before(async () => {
    stage = await setStage({ serve: false, mode: 'assisted' });
    const { entries } = await runTroubled(stage, { fallback: false, faults: [], sends: [], deaths: [] });
    whole = storyOf(entries);
  });
  after(() => stage.close());

  it('leave the journal that it has without them, but for the tries, and nothing is done twice', async () => {
    await fc.assert(
      fc.asyncProperty(trouble, async (one) => {
        const { end, entries, sent } = await runTroubled(stage, one);
        assert.deepEqual(end, { end: 'completed' });
        assert.deepEqual(sent, ['0', '1', '2', '4', '5']);
        assert.deepEqual(storyOf(entries), whole);
      }),
      { numRuns },
    );
    assert.equal((await stage.butler.store.verify()).state, 'clean');
  });
});
