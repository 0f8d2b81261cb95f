import type { Call } from '../protocol/turn.ts';
import { type Answer, ask, callOf, putToRest, type Question } from './approvals.ts';
import { askAhead, restAllowed, wasAskedAhead } from './askAhead.ts';
import type { JobRun } from './jobRun.ts';
import { digestOf, judge, questionOf } from './judge.ts';
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
  const verdict = await judge(run, tool, plan);
  const { decision, rule } = verdict;
  const digest = digestOf(run, tool, input, plan);
  if (decision !== 'ask') await putToRest(run, call);
  if (decision === 'deny') return { kind: 'refused', reason: 'policy', rule };
  if (decision === 'allow') return { kind: 'given', approval: null, rule, digest };
  const earlier = call.approval;
  if (earlier?.digest === digest && earlier.decision === 'approved') {
    return { kind: 'given', approval: earlier.id, rule, digest };
  }
  const isOver = earlier?.decision === 'expired' && !wasAskedAhead(run, call);
  if (earlier?.decision === 'denied' || isOver) {
    const reason = earlier?.decision === 'denied' ? 'denied' : 'expired';
    return { kind: 'refused', reason, rule: call.denial ?? rule };
  }
  const question = questionOf(run, { call, tool, input }, plan, verdict);
  const isMoot = async () => (await judge(run, tool, plan)).decision !== 'ask';
  const answer = await unlessMoot(run, isMoot, (same) => askInTurn(same, call, question));
  if (answer === 'moot') {
    await restAllowed(run, call);
    return permit(run, callOf(run, call.call) ?? call, tool, input, plan);
  }
  if (answer.decision === 'stopped' || run.signal.aborted) return { kind: 'stopped' };
  if (answer.decision !== 'approved')
    return { kind: 'refused', reason: answer.decision, rule: answer.reason };
  await restAllowed(run, call);
  return { kind: 'given', approval: answer.approval, rule, digest };
}

/** Asks; what was asked ahead and expired while calls before were at work is asked once more, for its turn is now. */
async function askInTurn(run: JobRun, call: Call, question: Question): Promise<Answer> {
  const answer = await ask(run, question, () => askAhead(run, call));
  const now = callOf(run, call.call);
  if (answer.decision !== 'expired' || !now || !wasAskedAhead(run, now)) return answer;
  return ask(run, { ...question, call: now });
}

/** Waits for an answer, but no longer than the question stands: who sets the mode of the job meanwhile has answered. */
async function unlessMoot(
  run: JobRun,
  isMoot: () => Promise<boolean>,
  work: (run: JobRun) => Promise<Answer>,
): Promise<Answer | 'moot'> {
  const moot = new AbortController();
  const look = async () => {
    if (await isMoot()) moot.abort();
  };
  const stopWatching = run.ports.store.watch((news) => {
    if (!news || news.some(({ type }) => type === 'job.modeSet')) look().catch(() => undefined);
  });
  try {
    const answer = await work({ ...run, signal: AbortSignal.any([run.signal, moot.signal]) });
    const isOver = answer.decision === 'stopped' && moot.signal.aborted && !run.signal.aborted;
    return isOver ? 'moot' : answer;
  } finally {
    stopWatching();
  }
}
