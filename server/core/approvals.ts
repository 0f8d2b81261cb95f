import type { Approval, Preview } from '../protocol/approval.ts';
import { approvalLifetime } from '../protocol/approval.ts';
import { bad, failures, good, type Outcome } from '../protocol/failure.ts';
import type { PolicyRule } from '../protocol/policy.ts';
import type { Call } from '../protocol/turn.ts';
import type { JobRun } from './jobRun.ts';
import { type PolicyPorts, withRule } from './policies.ts';
import type { Clock } from './ports/clock.ts';
import type { Draft, Store } from './ports/store.ts';
import type { ToolPlan } from './ports/tool.ts';

/** What a question is about: exactly one thing, by its digest. */
export interface Question {
  /** What asks: a tool call, or the job itself under a name of its own. */
  readonly call: Pick<Call, 'call' | 'tool' | 'approval'>;
  readonly plan: ToolPlan;
  readonly digest: string;
  readonly rule: string;
  readonly protected: boolean;
  /** The rule that "always" would write. */
  readonly always?: PolicyRule;
}

/** What came of a question. */
export type Answer =
  | { readonly decision: 'approved'; readonly approval: string }
  | { readonly decision: 'denied' | 'expired'; readonly reason: string }
  | { readonly decision: 'stopped' };

/**
 * Asks a person on every surface and waits: for the first decision, for the expiry, which denies (SPEC D4),
 * or for the run's end. A question that a dead worker left open is taken up again, not asked twice. What is to be
 * done while the person looks at it comes as `meanwhile`.
 */
export async function ask(run: JobRun, question: Question, meanwhile?: () => Promise<void>): Promise<Answer> {
  const open = openQuestion(question) ?? (await request(run, question));
  run.waiting(true);
  try {
    await meanwhile?.();
    const decided = await awaitDecision(run, open);
    if (!decided) return { decision: 'stopped' };
    await run.catchUp();
    if (decided.decision === 'approved') return { decision: 'approved', approval: open.id };
    if (decided.decision === 'expired') return { decision: 'expired', reason: 'nobody answered in time' };
    return { decision: 'denied', reason: denialOf(run, open.id) ?? 'no reason given' };
  } finally {
    run.waiting(false);
  }
}

/** Decides for a person; the digest must be that of what was shown (SECURITY S6). */
export async function decideApproval(
  ports: PolicyPorts & { readonly clock: Clock },
  decision: {
    id: string;
    digest: string;
    decision: 'approve' | 'approveForJob' | 'approveAlways' | 'deny';
    reason?: string;
    answer?: string;
  },
  actor: string,
): Promise<Outcome<Approval>> {
  const approval = await ports.store.approval(decision.id);
  if (!approval) return bad(failures.notFound('approval', decision.id));
  const fault = whyNot(approval, decision, ports.clock.now());
  if (fault) return fault;
  const job = await ports.store.job(approval.job);
  if (job?.state !== 'running') {
    return bad(failures.conflict('The job that asked is no longer at work.', 'Nothing more is needed.'));
  }
  const always = decision.decision === 'approveAlways' ? approval.always : undefined;
  const decided: Draft = {
    stream: approval.session,
    job: approval.job,
    type: 'approval.decided',
    actor,
    data: {
      approval: approval.id,
      decision: decision.decision === 'deny' ? 'denied' : 'approved',
      forJob: decision.decision === 'approveForJob',
      ...(always ? { always: true } : {}),
      ...(decision.reason ? { reason: decision.reason } : {}),
      ...(decision.answer === undefined ? {} : { answer: decision.answer }),
    },
  };
  const done = always
    ? await withRule(ports, always, actor, () => ports.store.append([decided]))
    : await ports.store.append([decided]);
  if (!done.ok) return done;
  return good((await ports.store.approval(approval.id)) ?? approval);
}

/** Lets every overdue question expire to "denied", whoever asked it. */
export async function expireApprovals(ports: { store: Store; clock: Clock }): Promise<void> {
  for (const { approval } of await ports.store.pendingApprovals()) {
    if (approval.expires <= ports.clock.now()) await expire(ports.store, approval);
  }
}

/** The call of a run by its id. */
export function callOf(run: JobRun, id: string): Call | null {
  for (const turn of run.transcript().turns.toReversed()) {
    if (turn.kind !== 'assistant' || turn.job !== run.job.id) continue;
    const call = turn.calls.find((one) => one.call === id);
    if (call) return call;
  }
  return null;
}

/** Puts the open question of a call to rest, where there is one that nobody need answer any more. */
export async function putToRest(run: JobRun, { approval }: Question['call']): Promise<void> {
  if (approval?.decision !== null) return;
  await expire(run.ports.store, approval);
  await run.catchUp();
}

/** What a person said when denying a question of a call, or of the job itself. */
function denialOf(run: JobRun, approval: string): string | null {
  for (const turn of run.transcript().turns.toReversed()) {
    if (turn.kind === 'question' && turn.approval.id === approval) return turn.denial;
    const call = turn.kind === 'assistant' && turn.calls.find((one) => one.approval?.id === approval);
    if (call) return call.denial;
  }
  return null;
}

function openQuestion({ call, digest }: Question): Approval | null {
  const { approval } = call;
  return approval?.decision === null && approval.digest === digest ? approval : null;
}

/** Asks anew; a question of before the world changed is put to rest, so that nobody answers it in vain. */
export async function request(run: JobRun, question: Question): Promise<Approval> {
  const { clock } = run.ports;
  const { call, plan } = question;
  await putToRest(run, call);
  const requested = clock.now();
  const approval: Approval = {
    id: clock.id(),
    job: run.job.id,
    session: run.job.session,
    call: call.call,
    tool: call.tool,
    title: plan.title,
    effects: [...plan.effects],
    digest: question.digest,
    rule: question.rule,
    protected: question.protected,
    ...(question.always ? { always: question.always } : {}),
    requested,
    expires: requested + approvalLifetime,
    decision: null,
  };
  const preview: Preview | null = plan.preview;
  await run.record({ type: 'approval.requested', data: { approval }, content: { preview } });
  return approval;
}

async function awaitDecision(run: JobRun, approval: Approval): Promise<Approval | null> {
  const { store, clock } = run.ports;
  while (!run.signal.aborted) {
    const wake = new AbortController();
    const stopWatching = store.watch(() => wake.abort());
    try {
      const now = await store.approval(approval.id);
      if (!now || now.decision) return now;
      const left = now.expires - clock.now();
      if (left <= 0 && (await expire(store, now))) continue;
      if (left <= 0) await clock.sleep(pauseBeforeRetry, run.signal);
      else await clock.sleep(left, AbortSignal.any([wake.signal, run.signal]));
    } finally {
      stopWatching();
    }
  }
  return null;
}

/** Pause before an expiry that the store could not note is tried again, in ms. */
const pauseBeforeRetry = 1_000;

/**
 * Lets a question expire; answers whether it is decided now. A decision that came at the same moment wins: the
 * store refuses the second one.
 */
async function expire(store: Store, approval: Approval): Promise<boolean> {
  const outcome = await store.append([
    {
      stream: approval.session,
      job: approval.job,
      type: 'approval.decided',
      actor: 'worker',
      data: { approval: approval.id, decision: 'expired', forJob: false },
    },
  ]);
  return outcome.ok || outcome.failure.kind === 'conflict';
}

function whyNot(
  approval: Approval,
  decision: { digest: string; decision: string; answer?: string },
  now: number,
): Outcome<never> | null {
  if (approval.decision) {
    return bad(failures.conflict(`This was ${approval.decision} already.`, 'Nothing more is needed.'));
  }
  if (approval.expires <= now)
    return bad(failures.expired('Nobody answered within 5 minutes, so it was denied.'));
  if (approval.digest !== decision.digest) {
    return bad(
      failures.conflict('What would happen is no longer what was shown.', 'Look at it again, then decide.'),
    );
  }
  const isOnce = decision.decision === 'approve' || decision.decision === 'deny';
  if (approval.protected && !isOnce) {
    return bad(failures.denied('This is asked for each time.', 'Approve this one, or deny it.'));
  }
  if (decision.decision === 'approveAlways' && !approval.always) {
    return bad(failures.denied('There is no safe rule for "always" here.', 'Approve this one, or deny it.'));
  }
  return answerFault(approval, decision);
}

/** A question of the agent is answered in words, or denied; anything else takes none. */
function answerFault(
  { effects }: Approval,
  { decision, answer }: { decision: string; answer?: string },
): Outcome<never> | null {
  const isQuestion = effects.some(({ kind }) => kind === 'ask');
  if (decision !== 'deny' && isQuestion && !answer?.trim()) {
    return bad(failures.invalid('answer', 'This is a question.', 'Answer it in words, or deny it.'));
  }
  if (answer !== undefined && (!isQuestion || decision === 'deny')) {
    return bad(failures.invalid('answer', 'Nothing was asked that takes an answer.', 'Decide without one.'));
  }
  return null;
}
