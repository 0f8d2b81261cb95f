import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { isEnded, type JobEvent, nextState } from '../../../server/core/jobStates.ts';
import type { JobState } from '../../../server/protocol/job.ts';
import {
  approvalDecided,
  approvalRequested,
  executionFinished,
  executionStarted,
  jobCreated,
  jobStep,
  messageAdded,
  sessionCreated,
} from './drafts.ts';
import type { StoreFactory } from './storeUnderTest.ts';

/** What holds after any sequence of legal and illegal drafts. */
export function storeProperties(name: string, factory: StoreFactory): void {
  describe(`the ${name} store, after anything`, () => {
    it('knows only the transitions of B1, verifies clean, and folds to the same projections again', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(act, { maxLength: 40 }), async (acts) => {
          const under = await factory();
          try {
            await under.store.append([sessionCreated('s')]);
            const expected = new Map<string, JobState>();
            for (const one of acts) {
              const outcome = await under.store.append([draftOf(one, under.time.now())]);
              under.time.pass(one.ms);
              if (one.what in events || one.what === 'created') {
                assert.equal(outcome.ok, foretell(expected, one), JSON.stringify(one));
              }
            }
            for (const job of await under.store.jobs({ limit: 100 })) {
              assert.equal(job.state, expected.get(job.id));
              if (isEnded(job.state)) assert.equal(job.waiting, 0);
            }
            assert.equal((await under.store.verify()).state, 'clean');
            const before = under.tables();
            await under.store.rebuild();
            assert.deepEqual(under.tables(), before);
          } finally {
            await under.dispose();
          }
        }),
        { numRuns: 40 },
      );
    }).timeout(120_000);
  });
}

const events = {
  approved: 'approve',
  claimed: 'claim',
  completed: 'complete',
  failed: 'fail',
  abortRequested: 'abort',
  aborted: 'acknowledgeAbort',
} as const satisfies Record<string, JobEvent>;

type Step = keyof typeof events;
const steps = Object.keys(events) as Step[];
const others = ['created', 'message', 'asked', 'decided', 'started', 'finished'] as const;

const act = fc.record({
  what: fc.constantFrom(...steps, ...others),
  job: fc.constantFrom('j1', 'j2', 'j3'),
  id: fc.constantFrom('x', 'y'),
  kind: fc.constantFrom('run' as const, 'task' as const),
  used: fc.boolean(),
  decision: fc.constantFrom('approved' as const, 'denied' as const, 'expired' as const),
  ms: fc.nat(400),
});
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

function draftOf({ what, job, id, kind, used, decision }: Act, now: number) {
  const owned = `${job}-${id}`;
  switch (what) {
    case 'created':
      return jobCreated('s', job, { kind });
    case 'message':
      return messageAdded('s', job, id);
    case 'asked':
      return approvalRequested('s', job, owned, now + 500);
    case 'decided':
      return approvalDecided('s', job, owned, decision);
    case 'started':
      return executionStarted('s', job, owned, used ? owned : null);
    case 'finished':
      return executionFinished('s', job, owned, used ? { before: id } : undefined);
    default:
      return jobStep('s', job, what);
  }
}

/** Moves the expected states on by the table of B1, and says whether the act is legal. */
function foretell(expected: Map<string, JobState>, { what, job, kind }: Act): boolean {
  const state = expected.get(job);
  if (what === 'created') {
    if (state) return false;
    expected.set(job, kind === 'run' ? 'needs_approval' : 'queued');
    return true;
  }
  if (!state || !(what in events)) return false;
  const to =
    what === 'aborted' && !isEnded(state) ? abortedFrom(state) : nextState(state, events[what as Step]);
  if (!to || (what === 'abortRequested' && to !== 'aborting')) return false;
  expected.set(job, to);
  return true;
}

/** `job.aborted` notes both an abort before the start and the acknowledgement of one after it. */
function abortedFrom(state: JobState): JobState | null {
  const to = nextState(state, 'abort') ?? nextState(state, 'acknowledgeAbort');
  return to === 'aborted' ? to : null;
}
