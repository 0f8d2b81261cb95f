import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { isEnded, type JobEvent, nextState } from '../../../server/core/jobStates.ts';
import type { Draft } from '../../../server/core/ports/store.ts';
import type { JobState } from '../../../server/protocol/job.ts';
import {
  approvalDecided,
  approvalRequested,
  connectionChanged,
  executionFinished,
  executionStarted,
  jobCreated,
  jobSteered,
  jobStep,
  messageCosting,
  networkAwaited,
  providerRemoved,
  providerSaved,
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
            const unheard = new Set<string>();
            for (const one of acts) {
              const at = { now: under.time.now(), head: await under.store.head() };
              const outcome = await under.store.append([draftOf(one, at)]);
              under.time.pass(one.ms);
              const legal = foretell(expected, unheard, one);
              if (legal !== null) assert.equal(outcome.ok, legal, JSON.stringify(one));
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
const others = [
  'created',
  'message',
  'asked',
  'decided',
  'started',
  'finished',
  'steered',
  'awaited',
  'connected',
  'provider',
] as const;

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

function draftOf({ what, job, id, kind, used, decision, ms }: Act, { now, head }: Moment): Draft {
  const owned = `${job}-${id}`;
  switch (what) {
    case 'created':
      return jobCreated('s', job, { kind });
    case 'message':
      return messageCosting('s', job, ms, used ? ms / 7 : null, used ? head : undefined);
    case 'steered':
      return jobSteered('s', job, id);
    case 'awaited':
      return networkAwaited('s', job);
    case 'connected':
      return connectionChanged(id, used ? 'online' : 'offline');
    case 'provider':
      return used ? providerSaved({ name: id, kind: 'groq', model: job }) : providerRemoved(id);
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

interface Moment {
  readonly now: number;
  readonly head: number;
}

/** Moves the expected jobs on, and says whether the act is legal; `null` where that is not foretold. */
function foretell(
  expected: Map<string, JobState>,
  unheard: Set<string>,
  { what, job, kind, used }: Act,
): boolean | null {
  const state = expected.get(job);
  if (what === 'steered') {
    if (state === 'running') unheard.add(job);
    return state === 'running';
  }
  if (what === 'message' && used) unheard.delete(job);
  if (what !== 'created' && !(what in events)) return null;
  if (what === 'completed' && unheard.has(job)) return false;
  if (what === 'created') {
    if (state) return false;
    expected.set(job, kind === 'run' ? 'needs_approval' : 'queued');
    return true;
  }
  if (!state) return false;
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
