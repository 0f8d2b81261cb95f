import { bad, failures, good, type Outcome } from '../protocol/failure.ts';
import type { UndoReport } from '../protocol/job.ts';
import type { RunPorts } from './jobRun.ts';
import { deedsOf, goDeeds, type UndoRequest } from './undone.ts';

/**
 * Does again what was taken back of a job and its specialists, oldest first, or of one execution. What changed since
 * stays as it is and is reported as a conflict; everything is journaled.
 */
export async function redoJob(
  ports: RunPorts,
  request: UndoRequest,
  actor: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<Outcome<UndoReport>> {
  const { store } = ports;
  const deeds = await deedsOf(ports, request, ({ state }) => state === 'undone');
  if (!deeds.ok) return deeds;
  if (deeds.value.length === 0) {
    return bad(failures.conflict('There is nothing to do again.', 'Nothing is needed.'));
  }
  const report = await goDeeds(ports, deeds.value, {
    way: 'redo',
    signal,
    go: async (tool, { job, execution }, context) => {
      const done = await tool.redo?.(execution.undo, context);
      if (!done?.ok) return done ?? bad(failures.internal('The tool cannot redo.'));
      const appended = await store.append([
        {
          stream: job.session,
          job: job.id,
          actor,
          type: 'execution.redone',
          data: { execution: execution.id },
          content: { undo: done.value },
        },
      ]);
      return appended.ok ? good(undefined) : appended;
    },
    failed: async ({ job, execution }, failure) => {
      const base = { stream: job.session, job: job.id, actor };
      const data = { execution: execution.id, failure, redo: true as const };
      await store.append([{ ...base, type: 'execution.undoFailed', data }]);
    },
  });
  return good(report);
}
