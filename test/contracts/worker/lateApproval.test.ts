import assert from 'node:assert/strict';
import { decideApproval } from '../../../server/core/approvals.ts';
import { approvalLifetime } from '../../../server/protocol/approval.ts';
import { ofEachTest } from '../../support/ofEachTest.ts';
import { setStage } from '../../support/stage.ts';

describe('a question that nobody answered within five minutes', () => {
  const stage = ofEachTest(setStage, ({ close }) => close());

  it('takes no answer any more, though no worker has noted its end yet, and any until then', async () => {
    const { butler } = stage;
    const job = await stage.hand('site-from-readme', '/site');
    const { id, digest, requested, expires } = await stage.question(job);
    assert.equal(expires, requested + approvalLifetime);
    /** The clock of the one who answers is moved, that of the worker is not: it still waits. */
    const answerAt = (now: number, decision: 'approve' | 'approveForJob' | 'deny') =>
      decideApproval(
        { ...butler, clock: { ...butler.clock, now: () => now } },
        { id, digest, decision },
        'person:test',
      );
    for (const now of [expires, expires + 1, expires + approvalLifetime]) {
      for (const decision of ['approve', 'approveForJob', 'deny'] as const) {
        const late = await answerAt(now, decision);
        assert.ok(
          !late.ok && late.failure.kind === 'expired',
          `${decision} at ${now}: ${JSON.stringify(late)}`,
        );
        assert.equal((await butler.store.approval(id))?.decision, null);
      }
    }
    const inTime = await answerAt(expires - 1, 'approve');
    assert.equal(inTime.ok && inTime.value.decision, 'approved');
    assert.equal((await stage.end(job)).state, 'completed');
  });
});
