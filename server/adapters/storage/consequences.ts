import { isEnded } from '../../core/jobStates.ts';
import type { Entry } from '../../protocol/journal.ts';
import { jobStateAfter } from '../../protocol/transcript.ts';
import type { Queries } from './prepare.ts';
import { sqlite } from './tables.ts';
import type { UndoBlobs } from './undoBlobs.ts';

/**
 * What an entry brings about once, in its transaction, and no rebuild repeats: the lease of a job that ended is
 * given back, content that a person deletes goes, and so do the blobs that only a deleted session, or only undoing
 * what was pruned, wanted.
 */
export function consequencesOn(
  queries: Queries,
  undoBlobs: Pick<UndoBlobs, 'ofExecutions' | 'ofSession' | 'drop'>,
): (entry: Entry) => void {
  const statements = statementsOf(queries);
  return (entry) => {
    const state = jobStateAfter(entry);
    if (state && isEnded(state)) statements.release.run({ job: entry.job ?? '' });
    if (entry.type === 'session.deleted') {
      const digests = undoBlobs.ofSession(entry.stream);
      statements.forgetStream.run({ stream: entry.stream });
      undoBlobs.drop(digests);
    }
    if (entry.type === 'undo.pruned') undoBlobs.drop(undoBlobs.ofExecutions(entry.data.executions));
    if (entry.type !== 'content.deleted') return;
    for (const digest of entry.data.digests) {
      statements.forgetContent.run({ digest });
      statements.forgetBlob.run({ digest });
    }
  };
}

/** Whether an entry may take blobs away. */
export function takesAway({ type }: Pick<Entry, 'type'>): boolean {
  return type === 'session.deleted' || type === 'undo.pruned' || type === 'content.deleted';
}

function statementsOf(queries: Queries) {
  const entries = sqlite.selectFrom('journal').select('seq');
  return {
    release: queries.prepare({ job: '' }, ({ job }) => sqlite.deleteFrom('leases').where('job', '=', job)),
    forgetStream: queries.prepare({ stream: '' }, ({ stream }) =>
      sqlite.deleteFrom('contents').where('seq', 'in', entries.where('stream', '=', stream)),
    ),
    forgetContent: queries.prepare({ digest: '' }, ({ digest }) =>
      sqlite.deleteFrom('contents').where('seq', 'in', entries.where('content', '=', digest)),
    ),
    forgetBlob: queries.prepare({ digest: '' }, ({ digest }) =>
      sqlite.deleteFrom('blobs').where('digest', '=', digest),
    ),
  };
}
