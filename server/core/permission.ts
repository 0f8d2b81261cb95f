import type { Call } from '../protocol/turn.ts';
import { ask } from './approvals.ts';
import { canonical } from './canonical.ts';
import type { JobRun } from './jobRun.ts';
import { decide, type Grant, type Verdict } from './policy.ts';
import type { Tool, ToolPlan } from './ports/tool.ts';

/** Whether exactly what a plan says may be done. */
export type Permission =
  | {
      readonly kind: 'given';
      readonly approval: string | null;
      readonly rule: string;
      readonly digest: string;
    }
  | { readonly kind: 'refused'; readonly reason: 'policy' | 'denied' | 'expired'; readonly rule: string }
  | { readonly kind: 'stopped' };

/** The policy's word, and a person's where it asks; what was decided for the same thing before holds. */
export async function permit(
  run: JobRun,
  call: Call,
  tool: Tool,
  input: unknown,
  plan: ToolPlan,
): Promise<Permission> {
  const { decision, rule, protected: isProtected } = judge(run, tool, plan);
  const digest = digestOf(run, tool, input, plan);
  if (decision === 'deny') return { kind: 'refused', reason: 'policy', rule };
  if (decision === 'allow') return { kind: 'given', approval: null, rule, digest };
  const earlier = call.approval;
  if (earlier?.digest === digest && earlier.decision === 'approved') {
    return { kind: 'given', approval: earlier.id, rule, digest };
  }
  if (earlier?.decision === 'denied' || earlier?.decision === 'expired') {
    return { kind: 'refused', reason: earlier.decision, rule: call.denial ?? rule };
  }
  const answer = await ask(run, { call, plan, digest, rule, protected: isProtected });
  if (answer.decision === 'stopped' || run.signal.aborted) return { kind: 'stopped' };
  if (answer.decision === 'approved') return { kind: 'given', approval: answer.approval, rule, digest };
  return { kind: 'refused', reason: answer.decision, rule: answer.reason };
}

/** What the policy says of a plan, with what the person allowed for the whole of this job. */
export function judge(run: JobRun, tool: Tool, plan: ToolPlan): Verdict {
  const situation = { tool: tool.name, mode: run.ports.mode(), trusted: true, grants: [] };
  const verdict = decide(plan.effects, situation);
  if (verdict.decision !== 'ask' || verdict.protected) return verdict;
  return decide(plan.effects, { ...situation, grants: grantsOf(run) });
}

/** The digest of exactly what would happen (SECURITY S6). */
export function digestOf(run: JobRun, tool: Tool, input: unknown, plan: ToolPlan): string {
  const { title, effects, exactly } = plan;
  return run.ports.clock.digest(canonical({ tool: tool.name, input, title, effects, exactly }));
}

function grantsOf(run: JobRun): Grant[] {
  return run
    .transcript()
    .turns.flatMap((turn) =>
      turn.kind === 'assistant' && turn.job === run.job.id
        ? turn.calls
            .filter((call) => call.forJob && call.approval?.decision === 'approved')
            .map((call) => ({ tool: call.tool, effects: call.approval?.effects ?? [] }))
        : [],
    );
}
