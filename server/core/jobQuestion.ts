import type { Approval } from '../protocol/approval.ts';
import type { Effect } from '../protocol/effect.ts';
import type { Turn } from '../protocol/turn.ts';
import { type Answer, ask } from './approvals.ts';
import { canonical } from './canonical.ts';
import type { JobRun } from './jobRun.ts';

/** What a job itself asks a person, as for more budget. */
export interface JobQuestion {
  /** One word: what asks, in the place of a tool's name. */
  readonly asker: string;
  /** One line: what would be allowed. */
  readonly title: string;
  /** Why it is asked, in words. */
  readonly rule: string;
  readonly effects: readonly Effect[];
  /** Makes it "exactly this"; the same question is not asked twice. JSON values only. */
  readonly exactly: unknown;
  /** What the person should know before the decision. */
  readonly text: string;
}

/** Asks a person on every surface, as a tool call does; what was decided before a crash stays decided. */
export async function askForJob(run: JobRun, question: JobQuestion): Promise<Answer> {
  const { asker, title, rule, effects, exactly, text } = question;
  const digest = run.ports.clock.digest(canonical({ asker, title, exactly }));
  const before = lastQuestion(run, (asked) => asked.digest === digest);
  const earlier = before?.approval ?? null;
  if (earlier?.decision === 'approved') return { decision: 'approved', approval: earlier.id };
  if (earlier?.decision) {
    return { decision: earlier.decision, reason: before?.denial ?? 'it was not allowed' };
  }
  return ask(run, {
    call: { call: asker, tool: asker, approval: earlier ?? openQuestion(run, asker) },
    plan: { title, effects, exactly, preview: { kind: 'text', text } },
    digest,
    rule,
    protected: false,
  });
}

/** What a dead worker asked with other figures, and nobody need answer any more. */
function openQuestion(run: JobRun, asker: string): Approval | null {
  return lastQuestion(run, ({ tool, decision }) => tool === asker && decision === null)?.approval ?? null;
}

function lastQuestion({ job, transcript }: JobRun, which: (asked: Approval) => boolean): Question | null {
  const asked = transcript().turns.findLast(
    (turn): turn is Question => turn.kind === 'question' && turn.job === job.id && which(turn.approval),
  );
  return asked ?? null;
}

type Question = Extract<Turn, { kind: 'question' }>;
