import assert from 'node:assert/strict';
import fc from 'fast-check';
import { JobState } from '../protocol/job.ts';
import { isEnded, type JobEvent, nextState, statesBefore, transitions } from './jobStates.ts';

const events: JobEvent[] = ['approve', 'claim', 'complete', 'fail', 'abort', 'acknowledgeAbort'];

describe('the life of a job', () => {
  it('has exactly the transitions of SPEC B1', () => {
    const all = JobState.options.flatMap((state) =>
      events.flatMap((event) => {
        const next = nextState(state, event);
        return next ? [`${state} ${event} ${next}`] : [];
      }),
    );
    assert.deepEqual(all.sort(), [
      'aborting acknowledgeAbort aborted',
      'needs_approval abort aborted',
      'needs_approval approve queued',
      'queued abort aborted',
      'queued claim running',
      'running abort aborting',
      'running complete completed',
      'running fail failed',
    ]);
  });

  it('never leaves an end, whatever befalls it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<JobState>('needs_approval', 'queued'),
        fc.array(fc.constantFrom(...events), { maxLength: 30 }),
        (start, happenings) => {
          let state: JobState = start;
          for (const event of happenings) {
            const next = nextState(state, event);
            if (isEnded(state)) assert.equal(next, null);
            if (next) assert.ok(statesBefore(next).includes(state));
            state = next ?? state;
          }
        },
      ),
    );
  });

  it('reaches an end from every state', () => {
    for (const state of JobState.options) {
      const seen = new Set<JobState>([state]);
      for (const one of seen) for (const next of Object.values<JobState>(transitions[one])) seen.add(next);
      assert.ok([...seen].some(isEnded), state);
    }
  });
});
