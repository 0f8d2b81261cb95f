import { type Failure, failures, fromIssues, good, type Outcome } from '../protocol/failure.ts';
import type { Call } from '../protocol/turn.ts';
import { ask } from './approvals.ts';
import { canonical } from './canonical.ts';
import { CannotRecord, type JobDraft, type JobRun, toolContext } from './jobRun.ts';
import { decide, type Grant, type Verdict } from './policy.ts';
import type { Reconciliation, Tool, ToolContext, ToolPlan, ToolResult } from './ports/tool.ts';

/**
 * Takes one tool call of the transcript from where the journal says it stands to its result: check, plan,
 * policy, approval, effect, record. Safe to call again after a crash at any point (DESIGN "Jobs").
 */
export async function performCall(run: JobRun, call: Call): Promise<void> {
  if (call.started) return resume(run, call);
  const tool = run.tools.find((one) => one.name === call.tool);
  if (!tool) return refuse(run, call, 'unknown', `There is no tool "${call.tool}" for this Ability.`);
  const input = tool.input.safeParse(call.input);
  if (!input.success) return refuse(run, call, 'invalid', fromIssues(input.error, call.tool).what);
  const context = toolContext(run, run.ports.clock.id());
  const planned = await guarded(() => tool.plan(input.data, context));
  if (run.signal.aborted) return;
  if (!planned.ok) return refuse(run, call, 'invalid', `${planned.failure.what} ${planned.failure.mend}`);
  const permission = await permit(run, call, tool, input.data, planned.value);
  if (!permission || run.signal.aborted) return;
  await run.record({
    type: 'execution.started',
    data: {
      execution: context.execution,
      call: call.call,
      tool: tool.name,
      title: planned.value.title,
      approval: permission.approval,
      rule: permission.rule,
      effects: [...planned.value.effects],
      digest: permission.digest,
    },
  });
  await execute(run, call, { tool, input: input.data, plan: planned.value, context });
}

interface Work {
  readonly tool: Tool;
  readonly input: unknown;
  readonly plan: ToolPlan;
  readonly context: ToolContext;
}

interface Permission {
  readonly approval: string | null;
  readonly rule: string;
  readonly digest: string;
}

/** The policy's word, and a person's where it asks; `null` when the call was refused or the run stopped. */
async function permit(
  run: JobRun,
  call: Call,
  tool: Tool,
  input: unknown,
  plan: ToolPlan,
): Promise<Permission | null> {
  const verdict = judge(run, tool, plan);
  const digest = digestOf(run, tool, input, plan);
  if (verdict.decision === 'deny') {
    await refuse(run, call, 'policy', verdict.rule);
    return null;
  }
  if (verdict.decision === 'allow') return { approval: null, rule: verdict.rule, digest };
  const earlier = call.approval;
  if (earlier?.digest === digest && earlier.decision === 'approved') {
    return { approval: earlier.id, rule: verdict.rule, digest };
  }
  if (earlier?.decision === 'denied' || earlier?.decision === 'expired') {
    await refuse(run, call, earlier.decision, call.denial ?? verdict.rule);
    return null;
  }
  const answer = await ask(run, { call, plan, digest, rule: verdict.rule, protected: verdict.protected });
  if (answer.decision === 'stopped') return null;
  if (answer.decision !== 'approved') {
    await refuse(run, call, answer.decision, answer.reason);
    return null;
  }
  return { approval: answer.approval, rule: verdict.rule, digest };
}

function judge(run: JobRun, tool: Tool, plan: ToolPlan): Verdict {
  const situation = { tool: tool.name, mode: run.ports.mode(), trusted: true, grants: [] };
  const verdict = decide(plan.effects, situation);
  if (verdict.decision !== 'ask' || verdict.protected) return verdict;
  return decide(plan.effects, { ...situation, grants: grantsOf(run) });
}

/** What the person allowed for the whole of this job. */
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

/** The digest of exactly what would happen (SECURITY S6). */
function digestOf(run: JobRun, tool: Tool, input: unknown, plan: ToolPlan): string {
  const { title, effects, exactly } = plan;
  return run.ports.clock.digest(canonical({ tool: tool.name, input, title, effects, exactly }));
}

async function execute(run: JobRun, call: Call, work: Work): Promise<void> {
  const { tool, input, plan, context } = work;
  const outcome = await guarded(() => tool.run(input, plan, context));
  if (outcome.ok) return finish(run, call, context.execution, outcome.value);
  if (run.signal.aborted && run.signal.reason !== 'abort') return;
  await finishBadly(run, call, context.execution, outcome.failure);
}

/** Takes up an execution that began: what it may do was decided then, whatever the Ability allows by now. */
async function resume(run: JobRun, call: Call): Promise<void> {
  const tool = run.ports.tools.find((one) => one.name === call.tool);
  const input = tool?.input.safeParse(call.input);
  if (tool && input?.success) return recover(run, call, tool, input.data);
  await interrupt(run, call, 'It was cut off; whether it was done is not known, for its tool is gone.');
}

/** What an execution that was cut off by a crash came to: asked of the tool, of the world, then of a person. */
async function recover(run: JobRun, call: Call, tool: Tool, input: unknown): Promise<void> {
  const execution = call.execution ?? '';
  const context = toolContext(run, execution);
  if (!tool.repeatable) {
    const found = await askTheWorld(tool, input, context);
    if (run.signal.aborted) return;
    if (found.state === 'done') return finish(run, call, execution, found.result);
    if (found.state === 'unknown' && !(await mayRepeat(run, call))) return;
  }
  const planned = await guarded(() => tool.plan(input, context));
  if (run.signal.aborted) return;
  if (!planned.ok) return finishBadly(run, call, execution, planned.failure);
  const same = digestOf(run, tool, input, planned.value) === call.started?.digest;
  if (!same && !(tool.repeatable && judge(run, tool, planned.value).decision === 'allow')) {
    return interrupt(run, call, 'It was cut off, and what it was for changed since. Look again.');
  }
  await execute(run, call, { tool, input, plan: planned.value, context });
}

/** A tool that cannot tell, or fails to, knows nothing. */
async function askTheWorld(tool: Tool, input: unknown, context: ToolContext): Promise<Reconciliation> {
  const found = await guarded(async () => good(await tool.reconcile?.(input, context)));
  return (found.ok && found.value) || { state: 'unknown' };
}

/** Asks a person whether to do again what may have been done already. */
async function mayRepeat(run: JobRun, call: Call): Promise<boolean> {
  const title = `Do again: ${call.title ?? call.tool}`;
  const text = 'The worker stopped in the middle of this, and nothing tells whether it was done.';
  const plan: ToolPlan = {
    title,
    effects: call.started?.effects ?? [],
    exactly: { again: call.execution },
    preview: { kind: 'text', text },
  };
  const digest = run.ports.clock.digest(canonical({ title, again: call.execution }));
  const earlier = call.approval?.digest === digest ? call.approval.decision : null;
  if (earlier !== 'denied' && earlier !== 'expired') {
    const answer = await ask(run, { call, plan, digest, rule: text, protected: true });
    if (answer.decision === 'stopped') return false;
    if (answer.decision === 'approved') return !run.signal.aborted;
  }
  await interrupt(run, call, 'It was cut off; whether it was done is not known, and it was not done again.');
  return false;
}

function finish(run: JobRun, call: Call, execution: string, result: ToolResult): Promise<void> {
  const { job, ports } = run;
  const drafts: JobDraft[] = [
    {
      type: 'execution.finished',
      data: { execution, call: call.call, end: 'ok', undoable: result.undo !== undefined },
      content: { output: result.output, ...(result.undo === undefined ? {} : { undo: result.undo }) },
    },
  ];
  if (result.deliverable) {
    const deliverable = {
      ...result.deliverable,
      job: job.id,
      session: job.session,
      ability: job.ability,
      created: ports.clock.now(),
      published: null,
    };
    drafts.push({ type: 'deliverable.saved', data: { deliverable } });
  }
  if (result.published) drafts.push({ type: 'deliverable.published', data: result.published });
  return run.record(...drafts);
}

function finishBadly(run: JobRun, call: Call, execution: string, failure: Failure): Promise<void> {
  return run.record({
    type: 'execution.finished',
    data: { execution, call: call.call, end: 'error', undoable: false },
    content: { output: `${failure.what} ${failure.mend}` },
  });
}

function interrupt(run: JobRun, call: Call, output: string): Promise<void> {
  return run.record({
    type: 'execution.finished',
    data: { execution: call.execution ?? '', call: call.call, end: 'interrupted', undoable: false },
    content: { output },
  });
}

type Refusal = 'denied' | 'expired' | 'policy' | 'invalid' | 'unknown';

const refusalWords: Record<Refusal, string> = {
  denied: 'The person denied this',
  expired: 'Not done: the question expired',
  policy: 'Not allowed',
  invalid: 'Not done',
  unknown: 'Not done',
};

function refuse(run: JobRun, call: Call, reason: Refusal, rule: string): Promise<void> {
  return run.record({
    type: 'call.refused',
    data: { call: call.call, tool: call.tool, reason, rule: rule.slice(0, 500) },
    content: { output: `${refusalWords[reason]}: ${rule}` },
  });
}

/** A tool that throws has a bug; the job is told so and goes on. */
async function guarded<T>(work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CannotRecord) throw error;
    return { ok: false, failure: failures.internal(error instanceof Error ? error.message : String(error)) };
  }
}
