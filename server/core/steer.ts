import { bad, type Failure, failures, type Outcome } from '../protocol/failure.ts';
import type { Job, JobState } from '../protocol/job.ts';
import { readJob } from './jobs.ts';
import type { Store } from './ports/store.ts';

/** Says something to a job at work; it hears it before its next round, or is known to have ended before it could. */
export async function steerJob(
  ports: { store: Store },
  { id, text }: { readonly id: string; readonly text: string },
  actor: string,
): Promise<Outcome<Job>> {
  const found = await readJob(ports, id);
  if (!found.ok) return found;
  const { session: stream, state } = found.value;
  const refusal = refusals[state];
  if (refusal) return bad(refusal);
  const draft = { stream, job: id, type: 'job.steered', actor, data: {}, content: { text } } as const;
  const appended = await ports.store.append([draft]);
  if (!appended.ok && appended.failure.kind !== 'conflict') return appended;
  const now = await readJob(ports, id);
  return appended.ok || !now.ok ? now : bad(refusals[now.value.state] ?? appended.failure);
}

const anew = 'Hand it over as a new job.';

/** Why a job that is not at work hears nothing, and what to do instead. */
const refusals = {
  running: null,
  needs_approval: failures.conflict('The job has not begun.', 'Change its words instead, or start it first.'),
  queued: failures.conflict('The job waits for its turn.', 'Change its words instead.'),
  aborting: failures.conflict('The job is being stopped.', anew),
  completed: failures.conflict('The job has ended.', anew),
  failed: failures.conflict('The job has failed.', anew),
  aborted: failures.conflict('The job was stopped.', anew),
} as const satisfies Record<JobState, Failure | null>;
