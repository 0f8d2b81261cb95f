import { isEnded } from '../core/jobStates.ts';
import { pruneUndo, type UndoRoomPorts } from '../core/undoQuota.ts';
import { jobStateAfter } from '../protocol/transcript.ts';

/** How long after the end of a job, in ms, what is kept for taking back is looked at. */
const rest = 2_000;
/** How long closing may wait for that, in ms. */
const last = 3_000;

/** Makes room for what is kept for taking back, in the background after jobs ended. */
export function keepUndoRoom(
  ports: UndoRoomPorts,
  report: (what: string, cause: unknown) => void,
): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let work = Promise.resolve();
  const stopped = new AbortController();
  const look = (signal: AbortSignal) => {
    clearTimeout(timer);
    timer = undefined;
    work = work
      .then(() => pruneUndo(ports, signal))
      .then((pruned) => {
        if (!pruned.ok && !signal.aborted) report('making room for undo', pruned.failure);
      })
      .catch((error: unknown) => {
        if (!signal.aborted) report('making room for undo', error);
      });
  };
  const unwatch = ports.store.watch((news) => {
    if (!news?.some((entry) => isEnd(jobStateAfter(entry)))) return;
    timer ??= setTimeout(() => look(stopped.signal), rest).unref();
  });
  return {
    stop: async () => {
      unwatch();
      if (timer) look(AbortSignal.any([stopped.signal, AbortSignal.timeout(last)]));
      else stopped.abort();
      await work;
    },
  };
}

const isEnd = (state: ReturnType<typeof jobStateAfter>) => state !== null && isEnded(state);
