import type { Failure } from '../protocol/failure.ts';
import type { Call } from '../protocol/turn.ts';
import { allowSpending } from './budget.ts';
import { finishBadly, interrupt, refuse } from './callEnd.ts';
import { mayRepeat } from './doAgain.ts';
import { type Begun, carryOut, execute, notKnownIn, type TakenUp, takeUp } from './execution.ts';
import type { JobRun } from './jobRun.ts';
import { digestOf, judge } from './judge.ts';
import { waitsFor } from './network.ts';
import { type Errand, reach } from './reach.ts';

/**
 * Takes up an execution that began: what it may do was decided then, whatever the Ability allows by now, but what is
 * denied by now is not begun again. One that waited for the network goes on waiting, as if it had not been left.
 */
export async function resume(run: JobRun, call: Call): Promise<Failure | null> {
  const tool = run.ports.tools.find((one) => one.name === call.tool);
  const input = tool?.input.safeParse(call.input);
  const { execution = '', digest = '' } = call.started ?? {};
  if (!tool || !input?.success) {
    await interrupt(run, call, execution, toolGone);
    return null;
  }
  const errand: Errand = { call, tool, input: input.data };
  const begun = { execution, digest };
  return waitsFor(run) ? carryOut(run, errand, { begun }) : recover(run, errand, begun);
}

const toolGone = 'It was cut off; whether it was done is not known, for its tool is gone.';

/** What an execution that was cut off by a crash came to: asked of the tool, of the world, then of a person. */
async function recover(run: JobRun, errand: Errand, begun: Begun): Promise<Failure | null> {
  const { call, tool, input } = errand;
  const { execution, digest } = begun;
  if (!tool.repeatable) {
    const taken = await takeUpReached(run, errand, begun);
    if (run.signal.aborted) return null;
    if (taken.kind === 'ended') return taken.failure;
    if (taken.kind !== 'notDone' && !(await mayRepeat(run, call))) return null;
  }
  const reached = await reach(run, errand, execution, null);
  if (reached.kind === 'stopped') return null;
  if (reached.kind === 'failed') {
    await finishBadly(run, call, execution, reached.failure);
    return reached.ends ? reached.failure : null;
  }
  const { plan, context } = reached;
  const { decision, rule } = await judge(run, tool, plan);
  if (decision === 'deny') return refuse(run, call, { reason: 'policy', rule }, execution).then(() => null);
  const same = digestOf(run, tool, input, plan) === digest;
  if (!same && !(tool.repeatable && decision === 'allow')) {
    await interrupt(run, call, execution, 'It was cut off, and what it was for changed since. Look again.');
    return null;
  }
  const dear = await allowSpending(run, plan.effects);
  if (dear) return finishBadly(run, call, execution, dear).then(() => null);
  return execute(run, errand, { begun, plan, context });
}

/** Takes it up; where the world cannot be asked because it cannot be reached, once it can be. */
async function takeUpReached(run: JobRun, errand: Errand, begun: Begun): Promise<TakenUp> {
  const taken = await takeUp(run, errand, begun);
  if (taken.kind !== 'away') return taken;
  const reached = await reach(run, errand, begun.execution, null);
  if (reached.kind === 'failed' && reached.ends) {
    const failure = notKnownIn(errand, reached.failure);
    await finishBadly(run, errand.call, begun.execution, failure);
    return { kind: 'ended', failure };
  }
  return run.signal.aborted ? taken : takeUp(run, errand, begun);
}
