import type { Call } from '../protocol/turn.ts';
import { interrupt, refuse } from './callEnd.ts';
import type { JobRun } from './jobRun.ts';

/** The calls of a run's own job, in order. */
export function callsIn(run: JobRun): Call[] {
  return run
    .transcript()
    .turns.flatMap((turn) => (turn.kind === 'assistant' && turn.job === run.job.id ? turn.calls : []));
}

/**
 * Ends the calls whose agent is gone, by an end of its own or with an earlier worker. What had begun is told as
 * cut off and never done again unasked; what had not is not done, and its open question is put to rest.
 */
export async function endCutOff(run: JobRun): Promise<void> {
  for (const call of callsIn(run).filter(({ output }) => output === null)) {
    if (call.approval?.decision === null) await putToRest(run, call.approval.id);
    if (call.execution) await interrupt(run, call, call.execution, cutOff);
    else await refuse(run, call, { reason: 'invalid', rule: 'it was cut off before it began.' });
  }
}

/** What is told of an execution of which nobody knows what it did. */
export const cutOff = 'It was cut off; whether it was done is not known. Look before you do it again.';

/** A decision that came at the same moment wins, and comes too late all the same. */
async function putToRest(run: JobRun, approval: string): Promise<void> {
  const { job, ports } = run;
  const data = { approval, decision: 'expired', forJob: false } as const;
  const draft = { type: 'approval.decided', actor: 'worker', data } as const;
  await ports.store.append([{ ...draft, stream: job.session, job: job.id }]);
  await run.catchUp();
}
