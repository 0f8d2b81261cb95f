import type { EntryData } from '../protocol/entryData.ts';
import type { Failure } from '../protocol/failure.ts';
import type { Call } from '../protocol/turn.ts';
import type { JobDraft, JobRun } from './jobRun.ts';
import type { ToolPlan, ToolResult } from './ports/tool.ts';

/** Records what an execution came to, with the deliverable or the publication that it brought. */
export function finish(run: JobRun, call: Call, execution: string, result: ToolResult): Promise<void> {
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

/** Records that an execution failed. */
export function finishBadly(run: JobRun, call: Call, execution: string, failure: Failure): Promise<void> {
  return run.record(failed(call, execution, failure));
}

/** Records that an execution was cut off, and what is known of it. */
export function interrupt(run: JobRun, call: Call, execution: string, output: string): Promise<void> {
  return run.record(ended(call, execution, 'interrupted', output));
}

/** Records that a call was not run, and tells the model why; an execution that was begun for it is ended. */
export function refuse(
  run: JobRun,
  call: Call,
  { reason, rule, plan }: { reason: Refusal; rule: string; plan?: Pick<ToolPlan, 'title' | 'effects'> },
  execution?: string,
): Promise<void> {
  const output = `${refusalWords[reason]}: ${rule}`;
  // What a person refused stands with the question.
  const wanted = plan && reason === 'policy' ? { title: plan.title, effects: [...plan.effects] } : {};
  const refused: JobDraft = {
    type: 'call.refused',
    data: { call: call.call, tool: call.tool, reason, rule: rule.slice(0, 500), ...wanted },
    content: { output },
  };
  if (execution === undefined) return run.record(refused);
  return run.record(ended(call, execution, 'interrupted', output), refused);
}

/** The entry of an execution that failed. */
export function failed(call: Call, execution: string, failure: Failure): JobDraft {
  return ended(call, execution, 'error', `${failure.what} ${failure.mend}`.trimEnd());
}

/** Why a call was not run. */
export type Refusal = EntryData<'call.refused'>['reason'];

const refusalWords: Record<Refusal, string> = {
  denied: 'The person denied this',
  expired: 'Not done: the question expired',
  policy: 'Not allowed',
  invalid: 'Not done',
  unknown: 'Not done',
  repeated: 'Not done again',
};

function ended(call: Call, execution: string, end: 'error' | 'interrupted', output: string): JobDraft {
  return {
    type: 'execution.finished',
    data: { execution, call: call.call, end, undoable: false },
    content: { output },
  };
}
