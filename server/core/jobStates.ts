import type { JobState } from '../protocol/job.ts';

/** What can befall a job. */
export type JobEvent = 'approve' | 'claim' | 'complete' | 'fail' | 'abort' | 'acknowledgeAbort';

/** Every transition that exists (SPEC B1): from a state, by an event, to a state. */
export const transitions = {
  needs_approval: { approve: 'queued', abort: 'aborted' },
  queued: { claim: 'running', abort: 'aborted' },
  running: { complete: 'completed', fail: 'failed', abort: 'aborting' },
  aborting: { acknowledgeAbort: 'aborted' },
  completed: {},
  failed: {},
  aborted: {},
} as const satisfies Record<JobState, Partial<Record<JobEvent, JobState>>>;

/** The state that an event leads to, or `null` where there is no such transition. */
export function nextState(state: JobState, event: JobEvent): JobState | null {
  const row: Partial<Record<JobEvent, JobState>> = transitions[state];
  return row[event] ?? null;
}

/** The states from which an event leads to `to`. */
export function statesBefore(to: JobState): JobState[] {
  return (Object.keys(transitions) as JobState[]).filter((state) =>
    Object.values<JobState>(transitions[state]).includes(to),
  );
}

/** Whether a job in this state has come to its end. */
export function isEnded(state: JobState): boolean {
  return Object.keys(transitions[state]).length === 0;
}

/** The states of a job that has not come to its end. */
export const activeStates: readonly JobState[] = (Object.keys(transitions) as JobState[]).filter(
  (state) => !isEnded(state),
);
