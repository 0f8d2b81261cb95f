import type { Call } from '../protocol/turn.ts';
import type { Question } from './approvals.ts';
import { canonical } from './canonical.ts';
import { grantPattern } from './command/grantPattern.ts';
import type { JobRun } from './jobRun.ts';
import { unpermitted } from './permissions.ts';
import { alwaysRule } from './policy/always.ts';
import { cannotDecide, decide, type Situation, type Verdict } from './policy/decide.ts';
import type { Grant } from './policy/grants.ts';
import type { Tool, ToolPlan } from './ports/tool.ts';

/** What the policy says of a plan as things stand; where that cannot be found out, it denies. */
export async function judge(
  run: JobRun,
  tool: Pick<Tool, 'name' | 'holder' | 'needs'>,
  { effects }: Pick<ToolPlan, 'effects'>,
): Promise<Verdict> {
  try {
    const rule = await unpermitted(run.ports.store, tool, effects);
    if (rule) return { decision: 'deny', rule, protected: true, source: 'user', effect: null };
    return decide(effects, await situationOf(run, tool.name));
  } catch {
    return cannotDecide;
  }
}

/** What a question about a plan says; the rule of "always" only where nothing but what is built in asks. */
export function questionOf(
  run: JobRun,
  { call, tool, input }: { readonly call: Call; readonly tool: Tool; readonly input: unknown },
  plan: ToolPlan,
  verdict: Verdict,
): Question {
  const { rule, protected: isProtected } = verdict;
  const always = isProtected ? null : alwaysOf(run, tool, plan);
  return {
    call,
    plan,
    digest: digestOf(run, tool, input, plan),
    rule,
    protected: isProtected,
    ...(always ? { always } : {}),
  };
}

/** The digest of exactly what would happen, and of what "always" would mean for it (SECURITY S6). */
export function digestOf(run: JobRun, tool: Tool, input: unknown, plan: ToolPlan): string {
  const { title, effects, exactly } = plan;
  const always = alwaysOf(run, tool, plan);
  const whole = { tool: tool.name, input, title, effects, exactly, ...(always ? { always } : {}) };
  return run.ports.clock.digest(canonical(whole));
}

function alwaysOf(run: JobRun, { name }: Tool, { effects }: ToolPlan) {
  const { ability, workspace } = run.job;
  return alwaysRule(effects, { tool: name, ability, workspace }, grantPattern);
}

async function situationOf(run: JobRun, tool: string): Promise<Situation> {
  const { ability, workspace } = run.job;
  const [mode, policies] = await Promise.all([run.mode(), run.ports.policyFiles.of(workspace)]);
  return {
    tool,
    ability,
    workspace,
    mode,
    trusted: true,
    policies,
    /** Gathered where it is asked for: a long job has thousands of turns to look through. */
    get grants() {
      return grantsOf(run);
    },
  };
}

function grantsOf(run: JobRun): Grant[] {
  const grants: Grant[] = [];
  for (const turn of run.transcript().turns) {
    if (turn.kind !== 'assistant' || turn.job !== run.job.id) continue;
    for (const { forJob, approval, tool } of turn.calls) {
      if (forJob && approval?.decision === 'approved') grants.push({ tool, effects: approval.effects });
    }
  }
  return grants;
}
