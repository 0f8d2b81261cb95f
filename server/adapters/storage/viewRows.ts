import { isEnded } from '../../core/jobStates.ts';
import type { Execution } from '../../core/ports/store.ts';
import type { Approval, Preview } from '../../protocol/approval.ts';
import type { Cost } from '../../protocol/cost.ts';
import type { Failure } from '../../protocol/failure.ts';
import type { Job, JobState } from '../../protocol/job.ts';
import type { Session, SessionState } from '../../protocol/session.ts';
import { pruned } from './callProjection.ts';
import type { Tables } from './tables.ts';

/** What a row holds as JSON of this shape. */
export function dataOf<T>(row: { data: string }): T {
  return JSON.parse(row.data) as T;
}

/** A session in its row, with the text of its title and the state of its newest job. */
export function sessionOf(
  row: Tables['sessions'] & { title: string | null; state: string | null; lastly: number },
): Session {
  const { id, ability, workspace, parent, created, lastly: updated } = row;
  const title = row.titled === null ? '' : titleOf(row.title);
  const state = row.state === null ? 'idle' : sessionStates[row.state as JobState];
  return { id, ability, workspace, title, parent, state, created, updated };
}

/** Sums of spending; `null` where there was none. */
export type Sums = { [K in keyof Cost]: number | null };

/** A job in its row, with the text of its title, the number of its open questions and what it spent. */
export function jobOf(row: Tables['jobs'] & Sums & { title: string | null; waiting: number | null }): Job {
  const { id, session, ability, workspace, worker, parent, agent, created, updated } = row;
  const state = row.state as JobState;
  return {
    id,
    session,
    ability,
    kind: row.kind as Job['kind'],
    workspace,
    title: titleOf(row.title),
    state,
    waiting: isEnded(state) ? 0 : (row.waiting ?? 0),
    worker,
    failure: row.failure === null ? null : (JSON.parse(row.failure) as Failure),
    parent,
    agent,
    offline: row.offline === 1 && !isEnded(state),
    cost: totalOf(row),
    created,
    updated,
  };
}

/** What sums of spending come to. */
export function totalOf({ tokens, usd, unpriced }: Sums): Cost {
  return { tokens: tokens ?? 0, usd: usd ?? 0, unpriced: unpriced === 1 };
}

/** An approval in its row, as it was decided. */
export function approvalOf(row: { data: string; decision: string | null }): Approval {
  return { ...(JSON.parse(row.data) as Approval), decision: row.decision as Approval['decision'] };
}

/** What an approval shows; `null` where there is nothing or it was deleted. */
export function previewOf(row: { body: string | null }): Preview | null {
  return (parsed(row.body) as { preview?: Preview | null }).preview ?? null;
}

/** An execution in its row, with what `undo` of its tool wants. */
export function executionOf(row: Tables['executions'] & { body: string | null }): Execution {
  const { seq, id, job, session, call, tool, title } = row;
  const { undo } = row.undoable === pruned ? {} : (parsed(row.body) as { undo?: unknown });
  const execution = { id, job, session, call, tool, title, seq, undoable: row.undoable === 1 };
  const state = row.state as Execution['state'];
  return { ...execution, state, ...(undo === undefined ? {} : { undo }) };
}

/** A session is what its newest job is (SPEC A2); one that waits for a person or was aborted rests. */
const sessionStates: Record<JobState, SessionState> = {
  needs_approval: 'idle',
  queued: 'running',
  running: 'running',
  aborting: 'running',
  completed: 'completed',
  failed: 'failed',
  aborted: 'idle',
};

const longestTitle = 80;

/** The first line that says something, cut to a title's length. */
function titleOf(text: string | null): string {
  if (text === null) return '(deleted)';
  const line = text.trim().split('\n', 1)[0]?.replace(/\s+/g, ' ').trim() ?? '';
  const letters = [...line];
  return letters.length <= longestTitle
    ? line
    : `${letters
        .slice(0, longestTitle - 1)
        .join('')
        .trimEnd()}…`;
}

function parsed(body: string | null): object {
  return body === null ? {} : ((JSON.parse(body) as object | null) ?? {});
}
