import { bad, type Failure, failures } from '../protocol/failure.ts';
import type { Call } from '../protocol/turn.ts';
import { callOf, putToRest } from './approvals.ts';
import { allowSpending } from './budget.ts';
import { failed, finish, finishBadly, refuse } from './callEnd.ts';
import { guarded } from './guarded.ts';
import type { JobRun } from './jobRun.ts';
import { awaitNetwork, inVain, networkReturned, waitsFor } from './network.ts';
import { type Permission, permit } from './permission.ts';
import type { Tool, ToolContext, ToolPlan } from './ports/tool.ts';
import { toolContext } from './toolContext.ts';

/** A call whose tool and input are known to fit. */
export interface Errand {
  readonly call: Call;
  readonly tool: Tool;
  readonly input: unknown;
}

/** An execution that is noted as begun, and the digest of what it was begun for. */
export interface Begun {
  readonly execution: string;
  readonly digest: string;
}

/**
 * Takes an errand from its plan to its result: plan, policy, approval, effect, record. What cannot be reached is
 * waited for, and then planned and judged again: the same goes on under the approval that was given, anything
 * else is asked for anew (SPEC C9). Answers why the job must end, where too many tries were in vain.
 */
export async function carryOut(
  run: JobRun,
  errand: Errand,
  { begun = null, failure = null }: { begun?: Begun | null; failure?: Failure | null } = {},
): Promise<Failure | null> {
  const execution = begun?.execution ?? run.ports.clock.id();
  const reached = await reach(run, errand, execution, failure);
  if (reached.kind === 'stopped') return stop(run, errand, begun, failure);
  if (reached.kind === 'failed') {
    const { failure: why, ends } = reached;
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
    await refuse(run, call, permission, begun?.execution);
    return null;
  }
  const dear = await allowSpending(run, reached.plan.effects);
  if (run.signal.aborted) return stop(run, errand, begun, failure);
  if (dear) {
    await refuse(run, call, { reason: 'denied', rule: `${dear.what} ${dear.mend}` }, begun?.execution);
    return null;
  }
  const now = await begin(run, errand, { begun, permission, execution, plan: reached.plan });
  const context = { ...reached.context, execution: now.execution };
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

/** What a plan came to once everything that it needs could be reached; `ends`: the job ends with the failure. */
export type Reached =
  | { readonly kind: 'planned'; readonly plan: ToolPlan; readonly context: ToolContext }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly ends: boolean }
  | { readonly kind: 'stopped' };

/**
 * Plans an errand; `failure` says that it could not be reached a moment ago. Planning changes nothing, so it is
 * also how one looks whether it can be reached again, with the Ability as it is by then.
 */
export async function reach(
  run: JobRun,
  { tool, input }: Errand,
  execution: string,
  failure: Failure | null,
): Promise<Reached> {
  let context = toolContext(run, execution);
  const plan = () => guarded(() => tool.plan(input, context));
  let planned = failure ? bad(failure) : await plan();
  const isAway = () => !planned.ok && planned.failure.kind === 'offline';
  if (!run.signal.aborted && !planned.ok && isAway()) {
    const look = async () => {
      const ability = await run.ports.ability(run.job.ability, run.job.workspace);
      context = toolContext({ ...run, ability: ability ?? run.ability }, execution);
      planned = await plan();
      return !isAway();
    };
    const end = await awaitNetwork(run, { who: tool.name, failure: planned.failure, look });
    if (end === 'inVain') return { kind: 'failed', failure: inVain(planned.failure), ends: true };
  }
  if (run.signal.aborted) return { kind: 'stopped' };
  if (planned.ok) return { kind: 'planned', plan: planned.value, context };
  await endWaiting(run);
  return { kind: 'failed', failure: planned.failure, ends: false };
}

/** A real try follows a wait, or there is nothing left to try. */
async function endWaiting(run: JobRun): Promise<void> {
  const waiting = waitsFor(run);
  if (waiting) await networkReturned(run, waiting.who);
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
  { call }: Errand,
  begun: Begun | null,
  failure: Failure | null,
): Promise<null> {
  if (begun && run.signal.reason === 'abort') {
    await finishBadly(run, call, begun.execution, failure ?? failures.cancelled('Nothing of it was done.'));
  }
  return null;
}

const changed = failures.conflict(
  'It could not be reached, and what it was for changed since.',
  'It is done as it is now.',
);
