import { sql } from 'kysely';
import { isEnded } from '../../core/jobStates.ts';
import type { Entry } from '../../protocol/journal.ts';
import { jobStateAfter } from '../../protocol/transcript.ts';
import { isRare } from './migrations.ts';
import type { Queries } from './prepare.ts';
import { sqlite } from './tables.ts';
import type { UndoBlobs } from './undoBlobs.ts';

/**
 * What an entry brings about once, in its transaction, and no rebuild repeats: the lease of a job that ended is
 * given back, content that a person deletes goes, the images of a session that no other shows included, and so do
 * the blobs that only undoing what was pruned wanted.
 */
export function consequencesOn(
  queries: Queries,
  undoBlobs: Pick<UndoBlobs, 'forget'>,
): (entry: Entry) => void {
  const statements = statementsOf(queries);
  return (entry) => {
    const state = jobStateAfter(entry);
    if (state && isEnded(state)) statements.release.run({ job: entry.job ?? '' });
    if (entry.type === 'session.deleted') {
      statements.forgetImages.run({ stream: entry.stream });
      statements.forgetStream.run({ stream: entry.stream });
    }
    if (entry.type === 'undo.pruned') undoBlobs.forget(entry.data.executions);
    if (entry.type !== 'content.deleted') return;
    for (const digest of entry.data.digests) {
      statements.forgetContent.run({ digest });
      statements.forgetBlob.run({ digest });
    }
  };
}

function statementsOf(queries: Queries) {
  const entries = sqlite.selectFrom('journal').select('seq');
  return {
    release: queries.prepare({ job: '' }, ({ job }) => sqlite.deleteFrom('leases').where('job', '=', job)),
    forgetStream: queries.prepare({ stream: '' }, ({ stream }) =>
      sqlite.deleteFrom('contents').where('seq', 'in', entries.where('stream', '=', stream)),
    ),
    forgetImages: queries.prepare({ stream: '' }, ({ stream }) =>
      sqlite
        .deleteFrom('blobs')
        .where(sql<boolean>`digest in (${imagesOf(created.where('stream', '=', stream))})`)
        .where(
          sql<boolean>`digest not in (${imagesOf(created.where('stream', '!=', stream).where(isRare))})`,
        ),
    ),
    forgetContent: queries.prepare({ digest: '' }, ({ digest }) =>
      sqlite.deleteFrom('contents').where('seq', 'in', entries.where('content', '=', digest)),
    ),
    forgetBlob: queries.prepare({ digest: '' }, ({ digest }) =>
      sqlite.deleteFrom('blobs').where('digest', '=', digest),
    ),
  };
}

const created = sqlite.selectFrom('journal').select('seq').where('type', '=', 'job.created');

/** The digests of the images and files that were handed over with jobs. */
const imagesOf = (entries: typeof created) =>
  sql`select handed.value ->> 'digest' from contents,
    json_each(json_array(contents.body -> '$.images', contents.body -> '$.files')) as list,
    json_each(list.value) as handed where contents.seq in (${entries})`;
