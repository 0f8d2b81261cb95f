import type { Call } from '../protocol/turn.ts';
import { ask } from './approvals.ts';
import { interrupt } from './callEnd.ts';
import { canonical } from './canonical.ts';
import type { JobRun } from './jobRun.ts';
import type { ToolPlan } from './ports/tool.ts';

/** Asks a person whether to do again what may have been done already. */
export async function mayRepeat(run: JobRun, call: Call): Promise<boolean> {
  const title = `Do again: ${call.title ?? call.tool}`;
  const text = 'It was cut off in the middle, and nothing tells whether it was done.';
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
