import type { JobState } from '../../protocol/job.ts';
import type { Entry } from '../../protocol/journal.ts';
import { exitCodes } from './exitCodes.ts';

/** Finds the exit status of a job that is followed, by its entries and those of its specialists. */
export interface Verdict {
  take(entry: Entry): void;
  status(state: JobState): number;
}

/** A job may end and yet not be done: something was denied or was not published, or its last answer says why it is not done. */
export function createVerdict(): Verdict {
  let [denied, unpublished, unfinished] = [false, false, false];
  return {
    take: (entry) => {
      switch (entry.type) {
        case 'message.added':
          unfinished = entry.data.stop === 'unfinished';
          return;
        case 'approval.decided':
          denied ||= entry.data.decision === 'denied';
          return;
        case 'call.refused':
          denied ||= entry.data.reason === 'expired';
          unpublished ||= entry.data.tool === 'publish';
          return;
        case 'execution.started':
          unpublished ||= entry.data.tool === 'publish';
          return;
        case 'deliverable.published':
          unpublished = false;
          return;
        default:
          return;
      }
    },
    status: (state) => {
      if (state === 'aborted') return exitCodes.aborted;
      if (state !== 'completed') return exitCodes.failed;
      if (denied) return exitCodes.denied;
      return unpublished || unfinished ? exitCodes.failed : exitCodes.done;
    },
  };
}
