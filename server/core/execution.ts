import { type Failure, failures, good } from '../protocol/failure.ts';
import { callOf, putToRest } from './approvals.ts';
import { allowSpending, outspent } from './budget.ts';
import { failed, finish, finishBadly, refuse } from './callEnd.ts';
import { mayRepeat } from './doAgain.ts';
import { guarded } from './guarded.ts';
import type { JobRun } from './jobRun.ts';
import { type Permission, permit } from './permission.ts';
import type { Tool, ToolContext, ToolPlan } from './ports/tool.ts';
import { type Errand, endWaiting, type Reached, reach } from './reach.ts';
import { toolContext } from './toolContext.ts';

/** An execution that is noted as begun, and the digest of what it was begun for. */
export interface Begun {
  readonly execution: string;
  readonly digest: string;
}

/**
 * Takes an errand from its plan to its result: plan, policy, approval, effect, record. What cannot be reached is
 * waited for; what stands of it by then is taken up, and else it is planned and judged again: the same goes on
 * under the approval that was given, anything else is asked for anew (SPEC C9). Answers why the job must end, where
 * too many tries were in vain.
 */
export async function carryOut(
  run: JobRun,
  errand: Errand,
  { begun = null, failure = null }: { begun?: Begun | null; failure?: Failure | null } = {},
): Promise<Failure | null> {
  const execution = begun?.execution ?? run.ports.clock.id();
  const first = await reach(run, errand, execution, failure);
  const taken = begun ? await takeUpFirst(run, errand, { begun, failure, reached: first }) : null;
  if (taken?.kind === 'ended') return taken.failure;
  const reached = taken?.kind === 'notDone' ? await reach(run, errand, execution, null) : first;
  if (reached.kind === 'stopped') return stop(run, errand, begun, failure);
  if (reached.kind === 'failed') {
    const { ends } = reached;
    const why = begun && taken === null ? notKnownIn(errand, reached.failure) : reached.failure;
    await putToRest(run, callOf(run, errand.call.call) ?? errand.call);
    if (begun) await finishBadly(run, errand.call, execution, why);
    else await refuse(run, errand.call, { reason: 'invalid', rule: `${why.what} ${why.mend}` });
    return ends ? why : null;
  }
  const call = callOf(run, errand.call.call) ?? errand.call;
  const permission = await permit(run, call, errand.tool, errand.input, reached.plan);
  if (permission.kind === 'stopped' || run.signal.aborted) return stop(run, errand, begun, failure);
  await endWaiting(run);
  if (permission.kind === 'refused') {
    await refuse(run, call, { ...permission, plan: reached.plan }, begun?.execution);
    return null;
  }
  const dear = await allowSpending(run, reached.plan.effects);
  if (run.signal.aborted) return stop(run, errand, begun, failure);
  if (dear) {
    await refuse(run, call, { reason: 'denied', rule: `${dear.what} ${dear.mend}` }, begun?.execution);
    return null;
  }
  const now = await begin(run, errand, { begun, permission, execution, plan: reached.plan });
  const late = await outspent(run, reached.plan.effects, now.execution);
  if (late) return finishBadly(run, call, now.execution, late).then(() => null);
  if (run.signal.aborted) return stop(run, errand, now, null);
  const { ability } = reached.context;
  const context = toolContext({ ...run, ability }, now.execution);
  return execute(run, errand, { begun: now, plan: reached.plan, context });
}

/** Does what was planned and permitted; where nothing of it could be reached, it is carried out again later. */
export async function execute(
  run: JobRun,
  errand: Errand,
  work: { readonly begun: Begun; readonly plan: ToolPlan; readonly context: ToolContext },
): Promise<Failure | null> {
  const { call, tool, input } = errand;
  const { begun, plan } = work;
  const context = { ...work.context, answer: callOf(run, call.call)?.answer ?? null };
  const outcome = await guarded(() => tool.run(input, plan, context));
  if (!outcome.ok && run.signal.aborted && run.signal.reason !== 'abort') return null;
  if (outcome.ok) await finish(run, call, begun.execution, outcome.value);
  else if (outcome.failure.kind === 'offline' && !run.signal.aborted) {
    return carryOut(run, errand, { begun, failure: outcome.failure });
  } else await finishBadly(run, call, begun.execution, outcome.failure);
  return null;
}

/** What an execution that was cut off came to; `away`: the world could not be asked. */
export type TakenUp =
  | { readonly kind: 'ended'; readonly failure: Failure | null }
  | { readonly kind: 'notDone' | 'unknown' | 'away' };

/** Asks the world what stands of an execution, and records what was done; what is under way elsewhere goes on. */
export async function takeUp(run: JobRun, errand: Errand, begun: Begun): Promise<TakenUp> {
  const { call, tool, input } = errand;
  const context = toolContext(run, begun.execution);
  const found = await guarded(async () => good((await tool.reconcile?.(input, context)) ?? unknown));
  if (run.signal.aborted) return { kind: 'unknown' };
  if (!found.ok) return { kind: 'away' };
  const { value } = found;
  if (value.state === 'notDone' || value.state === 'unknown') return { kind: value.state };
  await endWaiting(run);
  if (value.state === 'underWay') return { kind: 'ended', failure: await goOn(run, errand, begun) };
  await finish(run, call, begun.execution, value.result);
  return { kind: 'ended', failure: null };
}

/** A failure after which a part of it may stand, for the world could not be asked. */
export function notKnownIn({ tool }: Errand, failure: Failure): Failure {
  return mayStand(tool) ? { ...failure, mend: `${notKnown} ${failure.mend}` } : failure;
}

const unknown = { state: 'unknown' } as const;

/** Takes up what may stand in the world though it failed, before it is planned anew; `null`: nothing is taken up. */
async function takeUpFirst(
  run: JobRun,
  errand: Errand,
  { begun, failure, reached }: { begun: Begun; failure: Failure | null; reached: Reached },
): Promise<TakenUp | null> {
  const inVain = reached.kind === 'failed' && reached.ends;
  if (reached.kind === 'stopped' || inVain || !mayStand(errand.tool)) return null;
  const taken = await takeUp(run, errand, begun);
  if (run.signal.aborted || taken.kind === 'ended' || taken.kind === 'notDone') return taken;
  if (taken.kind === 'away' && reached.kind === 'planned') {
    await endWaiting(run);
    const goesAway = failure ?? failures.offline('It cannot be asked what was done.');
    return { kind: 'ended', failure: await carryOut(run, errand, { begun, failure: goesAway }) };
  }
  if (taken.kind === 'away') return null;
  const again = await mayRepeat(run, callOf(run, errand.call.call) ?? errand.call);
  return again ? { kind: 'notDone' } : { kind: 'ended', failure: null };
}

/** Whether a part of it may stand although it failed, so that the world is asked before it is done again. */
function mayStand({ repeatable, reconcile }: Tool): boolean {
  return !repeatable && reconcile !== undefined;
}

/** What is under way elsewhere was permitted and begun then; nothing of it is planned or asked for anew. */
function goOn(run: JobRun, errand: Errand, begun: Begun): Promise<Failure | null> {
  const { title, started } = errand.call;
  const plan = {
    title: title ?? errand.tool.name,
    effects: started?.effects ?? [],
    exactly: null,
    preview: null,
  };
  return execute(run, errand, { begun, plan, context: toolContext(run, begun.execution) });
}

/** Notes that the effect begins; one that was begun for the same is taken up, one for another thing is ended. */
async function begin(
  run: JobRun,
  { call, tool }: Errand,
  {
    begun,
    permission,
    execution,
    plan,
  }: {
    begun: Begun | null;
    permission: Extract<Permission, { kind: 'given' }>;
    execution: string;
    plan: ToolPlan;
  },
): Promise<Begun> {
  const { approval, rule, digest } = permission;
  if (begun?.digest === digest) return begun;
  const fresh = begun ? run.ports.clock.id() : execution;
  const { title, effects } = plan;
  await run.record(...(begun ? [failed(call, begun.execution, changed)] : []), {
    type: 'execution.started',
    data: {
      execution: fresh,
      call: call.call,
      tool: tool.name,
      title,
      approval,
      rule,
      effects: [...effects],
      digest,
    },
  });
  return { execution: fresh, digest };
}

/** Only after an abort is what had begun noted as ended; after anything else another worker takes it up. */
async function stop(
  run: JobRun,
  { call, tool }: Errand,
  begun: Begun | null,
  failure: Failure | null,
): Promise<null> {
  if (begun && run.signal.reason === 'abort') {
    const cancelled = failures.cancelled(mayStand(tool) ? notKnown : 'Nothing of it was done.');
    const why = failure && mayStand(tool) ? { ...failure, mend: notKnown } : failure;
    await finishBadly(run, call, begun.execution, why ?? cancelled);
  }
  return null;
}

const notKnown = 'What of it was done is not known. Look there.';

const changed = failures.conflict(
  'It could not be reached, and what it was for changed since.',
  'It is done as it is now.',
);
