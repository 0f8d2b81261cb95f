import { bad, failures, good, type Outcome } from '../protocol/failure.ts';
import type { UndoReport } from '../protocol/job.ts';
import type { RunPorts } from './jobRun.ts';
import type { Draft, Store } from './ports/store.ts';
import { type Deed, deedsOf, goDeeds, type UndoRequest } from './undone.ts';

/**
 * Takes back the effects of a job and its specialists, newest first, or of one execution. What changed since stays
 * as it is and is reported as a conflict; everything is journaled.
 */
export async function undoJob(
  ports: RunPorts,
  request: UndoRequest,
  actor: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<Outcome<UndoReport>> {
  const { store } = ports;
  const deeds = await deedsOf(ports, request, ({ undoable, state }) => undoable && state !== 'undone');
  if (!deeds.ok) return deeds;
  if (deeds.value.length === 0) {
    return bad(failures.conflict('There is nothing left to undo.', 'Nothing is needed.'));
  }
  const report = await goDeeds(ports, deeds.value.toReversed(), {
    way: 'undo',
    signal,
    go: async (tool, deed, context) => {
      const undone = await tool.undo?.(deed.execution.undo, context);
      if (!undone?.ok) return undone ?? bad(failures.internal('The tool cannot undo.'));
      const appended = await store.append([
        { ...baseOf(deed, actor), type: 'execution.undone', data: { execution: deed.execution.id } },
        ...(await unpublished(store, deed, actor)),
      ]);
      return appended.ok ? good(undefined) : appended;
    },
    failed: async (deed, failure) => {
      const data = { execution: deed.execution.id, failure };
      await store.append([{ ...baseOf(deed, actor), type: 'execution.undoFailed', data }]);
    },
  });
  return good(report);
}

function baseOf({ job }: Deed, actor: string) {
  return { stream: job.session, job: job.id, actor };
}

/** Deliverables that the execution had published are not out any more. */
async function unpublished(store: Store, deed: Deed, actor: string): Promise<Draft[]> {
  const execution = deed.execution.id;
  return (await store.publications({ execution, limit: 1 })).map(({ deliverable }) => ({
    ...baseOf(deed, actor),
    type: 'deliverable.unpublished',
    data: { deliverable, execution },
  }));
}
