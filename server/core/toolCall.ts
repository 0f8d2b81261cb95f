import { type Failure, fromIssues } from '../protocol/failure.ts';
import type { Call } from '../protocol/turn.ts';
import { type Refusal, refuse } from './callEnd.ts';
import { carryOut } from './execution.ts';
import type { JobRun } from './jobRun.ts';
import { revoked } from './permissions.ts';
import { resume } from './recovery.ts';
import { goesInCircles, mostRepeats } from './repetition.ts';

/**
 * Takes one tool call of the transcript from where the journal says it stands to its result. Safe to call again
 * after a crash at any point (DESIGN "Jobs"). Answers why the job must end, where it must.
 */
export async function performCall(run: JobRun, call: Call): Promise<Failure | null> {
  if (call.started) return resume(run, call);
  const no = (reason: Refusal, rule: string) => refuse(run, call, { reason, rule }).then(() => null);
  const tool = run.tools.find((one) => one.name === call.tool);
  if (!tool) return no('unknown', `There is no tool "${call.tool}" for this Ability.`);
  const taken = await revoked(run.ports.store, tool);
  if (taken) return no('policy', taken);
  const input = tool.input.safeParse(call.input);
  if (!input.success) return no('invalid', fromIssues(input.error, call.tool).what);
  if (goesInCircles(run.transcript(), run.job.id, call)) return no('repeated', circle);
  return carryOut(run, { call, tool, input: input.data });
}

const circle = `This was asked ${mostRepeats} times with the same result. Work with that, try another way, or say what is missing.`;
