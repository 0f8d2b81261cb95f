import { type Failure, good } from '../protocol/failure.ts';
import type { Call } from '../protocol/turn.ts';
import { ask } from './approvals.ts';
import { finish, finishBadly, interrupt } from './callEnd.ts';
import { canonical } from './canonical.ts';
import { type Begun, carryOut, type Errand, execute, reach } from './execution.ts';
import { guarded } from './guarded.ts';
import type { JobRun } from './jobRun.ts';
import { digestOf, judge } from './judge.ts';
import { waitsFor } from './network.ts';
import type { Reconciliation, Tool, ToolContext, ToolPlan } from './ports/tool.ts';
import { toolContext } from './toolContext.ts';

/**
 * Takes up an execution that began: what it may do was decided then, whatever the Ability allows by now. One
 * that waited for the network had done nothing, and is carried out as if it had not been left.
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
    const found = await askTheWorld(tool, input, toolContext(run, execution));
    if (run.signal.aborted) return null;
    if (found.state === 'done') return finish(run, call, execution, found.result).then(() => null);
    if (found.state === 'underWay') return goOn(run, errand, begun);
    if (found.state === 'unknown' && !(await mayRepeat(run, call))) return null;
  }
  const reached = await reach(run, errand, execution, null);
  if (reached.kind === 'stopped') return null;
  if (reached.kind === 'failed') {
    await finishBadly(run, call, execution, reached.failure);
    return reached.ends ? reached.failure : null;
  }
  const { plan, context } = reached;
  const same = digestOf(run, tool, input, plan) === digest;
  if (!same && !(tool.repeatable && (await judge(run, tool, plan)).decision === 'allow')) {
    await interrupt(run, call, execution, 'It was cut off, and what it was for changed since. Look again.');
    return null;
  }
  return execute(run, errand, { begun, plan, context });
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
  const output = 'It was cut off; whether it was done is not known, and it was not done again.';
  await interrupt(run, call, call.execution ?? '', output);
  return false;
}
