import { type Failure, failures, good } from '../protocol/failure.ts';
import type { Job } from '../protocol/job.ts';
import type { Call } from '../protocol/turn.ts';
import { butlerAbility } from './abilities.ts';
import { finish, finishBadly, interrupt } from './callEnd.ts';
import { callsIn, cutOff } from './externalCutOff.ts';
import { guarded } from './guarded.ts';
import { CannotRecord, type JobRun, openRun, type RunPorts } from './jobRun.ts';
import { toolContext } from './toolContext.ts';
import { undoJob } from './undo.ts';

/** A worker that has the job; the signal is that of its own end. */
interface Hand {
  readonly worker: string;
  readonly signal: AbortSignal;
  waiting(yes: boolean): void;
}

/**
 * Ends a job that a person stopped. What a worker that died left in its middle nobody could put back then: the world is
 * asked what stands of it, and that is taken back once the job has ended. Answers what stood in the way; where this
 * worker ends meanwhile the job is left to the next one.
 */
export async function endStopped(
  job: Job,
  ports: RunPorts,
  hand: Hand,
  end: () => Promise<Failure | null>,
): Promise<Failure | null> {
  try {
    const standing = await settleAll(job, ports, hand);
    if (standing === null) return null;
    const failure = await end();
    if (failure) return failure;
    for (const execution of standing.toReversed()) await undoJob(ports, { id: job.id, execution }, 'worker');
    return null;
  } catch (error) {
    if (error instanceof CannotRecord) return error.failure;
    throw error;
  }
}

/** Answers what stands and can be taken back; `null` where the worker ends before that is known. */
async function settleAll(job: Job, ports: RunPorts, hand: Hand): Promise<string[] | null> {
  const executions = await ports.store.executions(job.id);
  if (!executions.some(({ state }) => state === 'started')) return [];
  if (hand.signal.aborted) return null;
  const ability = (await ports.ability(job.ability, job.workspace)) ?? butlerAbility;
  const run = await openRun(job, ability, ports, hand);
  try {
    const standing: string[] = [];
    for (const call of callsIn(run)) {
      if (call.execution === null || call.output !== null) continue;
      if (await settle(run, call, call.execution)) standing.push(call.execution);
      if (hand.signal.aborted) return null;
    }
    return standing;
  } finally {
    run.close();
  }
}

/** Records what one execution came to; answers whether it stands and can be taken back. */
async function settle(run: JobRun, call: Call, execution: string): Promise<boolean> {
  const tool = run.ports.tools.find(({ name }) => name === call.tool);
  const input = tool?.input.safeParse(call.input);
  const found = await guarded(async () => {
    const isAsked = tool?.reconcile && !tool.repeatable && input?.success;
    return good(isAsked ? await tool.reconcile?.(input.data, toolContext(run, execution)) : undefined);
  });
  if (run.signal.aborted) return false;
  const stands = found.ok ? found.value : undefined;
  if (stands?.state === 'done') {
    await finish(run, call, execution, stands.result);
    return stands.result.undo !== undefined;
  }
  if (stands?.state === 'notDone')
    await finishBadly(run, call, execution, failures.cancelled('Nothing of it was done.'));
  else await interrupt(run, call, execution, cutOff);
  return false;
}
