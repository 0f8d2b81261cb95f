import { decideApproval } from '../../../server/core/approvals.ts';
import type { Stage } from '../../support/stage.ts';

/** Approves whatever is asked, as a person would who sits there; answers the way to stop. */
export function approveAll({ butler }: Stage): () => void {
  const answer = async () => {
    for (const { approval } of await butler.store.pendingApprovals()) {
      const { id, digest } = approval;
      await decideApproval(butler, { id, digest, decision: 'approve' }, 'person:test');
    }
  };
  return butler.store.watch((news) => {
    if (!news || news.some(({ type }) => type === 'approval.requested')) void answer();
  });
}
