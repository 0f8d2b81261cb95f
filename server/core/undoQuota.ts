import { bad, failures, good, type Outcome } from '../protocol/failure.ts';
import { adminStream } from '../protocol/journal.ts';
import { defaultUndo } from '../protocol/settings.ts';
import type { Store } from './ports/store.ts';

/** What keeping things for taking back needs from outside core. */
export interface UndoRoomPorts {
  readonly store: Store;
  /** What commands keep outside the store. */
  readonly snapshots: {
    size(): Promise<number>;
    forget(executions: readonly string[], signal: AbortSignal): Promise<void>;
  };
}

/** How much is kept for taking back, and how much may be, in bytes. */
export interface UndoRoom {
  readonly kept: number;
  readonly limit: number;
}

/** How much is kept for taking back now. */
export async function readUndoRoom({ store, snapshots }: UndoRoomPorts): Promise<UndoRoom> {
  const blobs = (await store.undoKept()).reduce((sum, { bytes }) => sum + bytes, 0);
  return { kept: blobs + (await snapshots.size()), limit: await limitOf(store) };
}

/**
 * Makes room: what undoing the oldest ended jobs wants is deleted until the rest fits, with an entry for each piece.
 * Nothing is deleted while a job is at work, for it may lean on what is there. Answers what was pruned.
 */
export async function pruneUndo(
  ports: UndoRoomPorts,
  signal: AbortSignal,
): Promise<Outcome<{ executions: string[]; bytes: number }>> {
  const { store, snapshots } = ports;
  const pruned = { executions: [] as string[], bytes: 0 };
  const limit = await limitOf(store);
  for (;;) {
    const outside = await snapshots.size();
    if ((await store.blobBytes()) + outside <= limit) return good(pruned);
    const all = await store.undoKept();
    const over = all.reduce((sum, { bytes }) => sum + bytes, outside) - limit;
    const oldest = all.filter(({ ended }) => ended);
    if (over <= 0 || oldest.length === 0) return good(pruned);
    if (signal.aborted) return bad(failures.cancelled('Making room was stopped.'));
    if ((await store.admin()).running > 0) return good(pruned);
    const executions: string[] = [];
    let bytes = 0;
    for (const kept of oldest.slice(0, Math.max(1, Math.ceil(oldest.length / 10)))) {
      if (bytes > over) break;
      executions.push(...kept.executions);
      bytes += kept.bytes;
    }
    const entry = await store.append([
      { stream: adminStream, actor: 'worker', type: 'undo.pruned', data: { executions, bytes } },
    ]);
    if (!entry.ok) return entry;
    await snapshots.forget(executions, signal);
    pruned.executions.push(...executions);
    pruned.bytes += bytes;
  }
}

async function limitOf(store: Store): Promise<number> {
  const { undo = defaultUndo } = await store.settings();
  return undo.megabytes * 1_000_000;
}
