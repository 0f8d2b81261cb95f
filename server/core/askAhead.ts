import type { Call, Turn } from '../protocol/turn.ts';
import { putToRest, request } from './approvals.ts';
import { guarded } from './guarded.ts';
import type { JobRun } from './jobRun.ts';
import { judge, questionOf } from './judge.ts';
import { revoked } from './permissions.ts';
import type { Tool } from './ports/tool.ts';
import { goesInCircles } from './repetition.ts';
import { toolContext } from './toolContext.ts';

/** The most questions that one message asks at once. */
const mostAtOnce = 20;

/**
 * Asks what the later calls of the same message would ask, as far as they can be planned now, so that a person sees
 * them together. Their turn comes as ever: what is another thing by then is asked anew.
 */
export async function askAhead(run: JobRun, call: Call): Promise<void> {
  if (run.callsAreSingle) return;
  for (const later of laterCalls(run, call).slice(0, mostAtOnce)) {
    if (run.signal.aborted) return;
    if (later.approval === null && !goesInCircles(run.transcript(), run.job.id, later)) {
      await askOne(run, later);
    }
  }
}

/** Puts questions to rest that were asked ahead and that what the person just allowed covers. */
export async function restAllowed(run: JobRun, call: Call): Promise<void> {
  for (const later of laterCalls(run, call)) {
    if (later.approval?.decision !== null) continue;
    const { effects } = later.approval;
    const tool = run.tools.find(({ name }) => name === later.tool) ?? { name: later.tool };
    const verdict = await judge(run, tool, { effects });
    if (verdict.decision === 'allow') await putToRest(run, later);
  }
}

/** Whether a question was asked before its turn, and a call before it was at work meanwhile: that is no time to answer in. */
export function wasAskedAhead(run: JobRun, call: Call): boolean {
  const asked = call.approval?.requested ?? 0;
  return callsAround(run, call).before.some(({ begun, ended }) => begun !== null && (ended ?? 0) > asked);
}

async function askOne(run: JobRun, call: Call): Promise<void> {
  const tool = run.tools.find(({ name }) => name === call.tool);
  const input = tool?.input.safeParse(call.input);
  if (!tool || !input?.success || (await revoked(run.ports.store, tool))) return;
  const plan = await planned(run, tool, input.data);
  if (!plan || run.signal.aborted) return;
  const verdict = await judge(run, tool, plan);
  if (verdict.decision !== 'ask') return;
  await request(run, questionOf(run, { call, tool, input: input.data }, plan, verdict));
}

async function planned(run: JobRun, tool: Tool, input: unknown) {
  const context = toolContext(run, run.ports.clock.id());
  const plan = await guarded(() => tool.plan(input, context));
  return plan.ok ? plan.value : null;
}

/** Calls after this one in its message that nothing was done for yet. */
function laterCalls(run: JobRun, call: Call): readonly Call[] {
  return callsAround(run, call).after.filter(({ output, started }) => output === null && !started);
}

function callsAround(run: JobRun, { call }: Call): { before: readonly Call[]; after: readonly Call[] } {
  const turn = run
    .transcript()
    .turns.findLast(
      (one): one is Extract<Turn, { kind: 'assistant' }> =>
        one.kind === 'assistant' && one.job === run.job.id && one.calls.some((other) => other.call === call),
    );
  const calls = turn?.calls ?? [];
  const at = calls.findIndex((one) => one.call === call);
  return { before: calls.slice(0, Math.max(0, at)), after: calls.slice(at + 1) };
}
