import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { Draft } from '../../../server/core/ports/store.ts';
import { adminStream } from '../../../server/protocol/journal.ts';
import {
  deliverableSaved,
  executionFinished,
  executionStarted,
  executionUndone,
  jobCreated,
  jobStep,
  sessionCreated,
} from './drafts.ts';
import type { StoreFactory } from './storeUnderTest.ts';

/** What holds of deliverables and publications after any sequence of drafts, legal or not. */
export function deliveryProperties(name: string, factory: StoreFactory): void {
  describe(`the ${name} store, after anything that goes out`, () => {
    it('folds to the same projections again, and says of one publication at most that it stands at a place', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(act, { maxLength: 40 }), async (acts) => {
          const under = await factory();
          try {
            const { store } = under;
            for (const session of sessions) {
              await store.append([sessionCreated(session), jobCreated(session, `j-${session}`)]);
            }
            for (const one of acts) {
              await store.append([draftOf(one)]);
              under.time.pass(1);
            }
            const all = await store.publications({ limit: 100 });
            const standing = all.filter(({ stands }) => stands).map(({ publication }) => publication);
            const places = standing.map(({ target, location }) => `${target} ${location}`);
            assert.equal(new Set(places).size, places.length, places.join());
            const listed = (await store.deliverables({ limit: 100 })).flatMap((row) => row.published ?? []);
            for (const { execution } of listed) {
              assert.ok(standing.some((one) => one.execution === execution));
            }
            const [before, executions] = [
              under.tables(),
              all.map(({ publication }) => publication.execution),
            ];
            assert.equal(new Set(executions).size, executions.length);
            await store.rebuild();
            assert.deepEqual(under.tables(), before);
            assert.deepEqual(await store.publications({ limit: 100 }), all);
          } finally {
            await under.dispose();
          }
        }),
        { numRuns: 15 },
      );
    }).timeout(120_000);
  });
}

const sessions = ['s', 't'] as const;
const act = fc.record({
  what: fc.constantFrom(
    'saved',
    'started',
    'finished',
    'published',
    'unpublished',
    'undone',
    'pruned',
    'ended',
    'deleted',
  ),
  session: fc.constantFrom(...sessions),
  deliverable: fc.constantFrom('d', 'e'),
  execution: fc.constantFrom('x', 'y', 'z'),
  location: fc.constantFrom('/here', '/there'),
});
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

function draftOf({ what, session, deliverable, execution, location }: Act): Draft {
  const job = `j-${session}`;
  const base = { stream: session, job, actor: 'worker' };
  switch (what) {
    case 'saved':
      return deliverableSaved(session, job, deliverable);
    case 'started':
      return executionStarted(session, job, execution);
    case 'finished':
      return executionFinished(session, job, execution, { before: deliverable });
    case 'undone':
      return executionUndone(session, job, execution);
    case 'ended':
      return jobStep(session, job, 'aborted');
    case 'deleted':
      return { stream: session, actor: 'person', type: 'session.deleted', data: {} };
    case 'pruned':
      return {
        stream: adminStream,
        actor: 'worker',
        type: 'undo.pruned',
        data: { executions: [execution], bytes: 1 },
      };
    case 'unpublished':
      return { ...base, type: 'deliverable.unpublished', data: { deliverable, execution } };
    case 'published': {
      const publication = { execution, target: 'local', location, time: 1 };
      return { ...base, type: 'deliverable.published', data: { deliverable, publication } };
    }
  }
}
