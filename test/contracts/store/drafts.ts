import type { Draft } from '../../../server/core/ports/store.ts';
import type { Approval } from '../../../server/protocol/approval.ts';
import type { Deliverable } from '../../../server/protocol/deliverable.ts';
import { failures } from '../../../server/protocol/failure.ts';

const person = 'person:test';
const workspace = '/home/me/space';

/** A digest that only differs by one letter. */
export const digest = (letter: string) => letter.repeat(64);

/** A session is opened. */
export const sessionCreated = (session: string, at = workspace): Draft => ({
  stream: session,
  type: 'session.created',
  actor: person,
  data: { session, ability: 'butler', workspace: at },
});

/** A job is handed over. */
export const jobCreated = (
  session: string,
  job: string,
  {
    kind = 'task',
    text = `Do ${job}`,
    at = workspace,
  }: { kind?: 'run' | 'task'; text?: string; at?: string } = {},
): Draft => ({
  stream: session,
  job,
  type: 'job.created',
  actor: person,
  data: { ability: 'butler', kind, workspace: at },
  content: { text },
});

type Step = 'approved' | 'claimed' | 'completed' | 'failed' | 'abortRequested' | 'aborted';

/** Something befalls a job. */
export function jobStep(session: string, job: string, step: Step): Draft {
  const base = { stream: session, job, actor: 'worker' };
  switch (step) {
    case 'claimed':
      return { ...base, type: 'job.claimed', data: { worker: 'somewhere:1:a' } };
    case 'failed':
      return { ...base, type: 'job.failed', data: { failure: failures.internal('a test') } };
    case 'approved':
      return { ...base, type: 'job.approved', data: {} };
    case 'completed':
      return { ...base, type: 'job.completed', data: {} };
    case 'abortRequested':
      return { ...base, type: 'job.abortRequested', data: {} };
    case 'aborted':
      return { ...base, type: 'job.aborted', data: {} };
  }
}

/** The assistant says something. */
export const messageAdded = (session: string, job: string, text: string): Draft => ({
  stream: session,
  job,
  type: 'message.added',
  actor: 'agent',
  data: { provider: 'offline', model: '', stop: 'end', usage: null },
  content: { parts: [{ kind: 'text', text }] },
});

/** A question to a person. */
export function approvalRequested(session: string, job: string, id: string, expires: number): Draft {
  const approval: Approval = {
    id,
    job,
    session,
    call: 'c1',
    tool: 'write_file',
    title: 'Write a.md',
    effects: [],
    digest: digest('a'),
    rule: 'Writes ask',
    protected: false,
    requested: 0,
    expires,
    decision: null,
  };
  const content = { preview: { kind: 'text', text: 'What would be written' } };
  return { stream: session, job, type: 'approval.requested', actor: 'worker', data: { approval }, content };
}

/** An answer to a question. */
export const approvalDecided = (
  session: string,
  job: string,
  approval: string,
  decision: 'approved' | 'denied' | 'expired',
): Draft => ({
  stream: session,
  job,
  type: 'approval.decided',
  actor: person,
  data: { approval, decision, forJob: false },
});

/** A tool begins its work. */
export const executionStarted = (
  session: string,
  job: string,
  execution: string,
  approval: string | null = null,
): Draft => ({
  stream: session,
  job,
  type: 'execution.started',
  actor: 'agent',
  data: {
    execution,
    call: 'c1',
    tool: 'write_file',
    title: 'Write a.md',
    approval,
    rule: 'A person approved',
    effects: [],
    digest: digest('a'),
  },
});

/** A tool ended its work. */
export const executionFinished = (
  session: string,
  job: string,
  execution: string,
  undo?: unknown,
): Draft => ({
  stream: session,
  job,
  type: 'execution.finished',
  actor: 'agent',
  data: { execution, call: 'c1', end: 'ok', undoable: undo !== undefined },
  content: { output: 'Written', ...(undo === undefined ? {} : { undo }) },
});

/** An execution is taken back. */
export const executionUndone = (session: string, job: string, execution: string): Draft => ({
  stream: session,
  job,
  type: 'execution.undone',
  actor: person,
  data: { execution },
});

/** A job made something. */
export function deliverableSaved(session: string, job: string, id: string): Draft {
  const deliverable: Deliverable = {
    id,
    job,
    session,
    ability: 'butler',
    type: 'website',
    title: 'The docs',
    files: [{ path: 'index.html', digest: digest('b'), size: 5, mime: 'text/html' }],
    metadata: { pages: 1 },
    created: 5,
    published: null,
  };
  return { stream: session, job, type: 'deliverable.saved', actor: 'agent', data: { deliverable } };
}
