import { bad, type Failure } from '../protocol/failure.ts';
import type { Call } from '../protocol/turn.ts';
import { guarded } from './guarded.ts';
import type { JobRun } from './jobRun.ts';
import { awaitNetwork, inVain, networkReturned, waitsFor } from './network.ts';
import type { Tool, ToolContext, ToolPlan } from './ports/tool.ts';
import { toolContext } from './toolContext.ts';

/** A call whose tool and input are known to fit. */
export interface Errand {
  readonly call: Call;
  readonly tool: Tool;
  readonly input: unknown;
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

/** Notes that a wait is over: a real try follows, or there is nothing left to try. */
export async function endWaiting(run: JobRun): Promise<void> {
  const waiting = waitsFor(run);
  if (waiting) await networkReturned(run, waiting.who);
}
