import type { Draft } from '../../../server/core/ports/store.ts';
import type { Approval } from '../../../server/protocol/approval.ts';
import type { Connection } from '../../../server/protocol/connection.ts';
import type { Deliverable } from '../../../server/protocol/deliverable.ts';
import { failures } from '../../../server/protocol/failure.ts';
import { adminStream } from '../../../server/protocol/journal.ts';
import type { ProviderConfig } from '../../../server/protocol/provider.ts';

const person = 'person:test';
const workspace = '/home/me/space';

/** A digest that only differs by one letter. */
export const digest = (letter: string) => letter.repeat(64);

/** A session is opened, by a person or for a specialist of a job of another. */
export const sessionCreated = (session: string, at = workspace, parent?: string): Draft => ({
  stream: session,
  type: 'session.created',
  actor: person,
  data: { session, ability: 'butler', workspace: at, ...(parent ? { parent } : {}) },
});

/** A job is handed over. */
export const jobCreated = (
  session: string,
  job: string,
  {
    kind = 'task',
    text = `Do ${job}`,
    at = workspace,
    parent,
  }: { kind?: 'run' | 'task'; text?: string; at?: string; parent?: string } = {},
): Draft => ({
  stream: session,
  job,
  type: 'job.created',
  actor: person,
  data: {
    ability: 'butler',
    kind,
    workspace: at,
    ...(parent ? { parent: { job: parent, call: 'c1' }, agent: 'writer' } : {}),
  },
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

/** The assistant says something that cost something. */
export const messageCosting = (
  session: string,
  job: string,
  tokens: number,
  usd: number | null,
  heard?: number,
): Draft => ({
  stream: session,
  job,
  type: 'message.added',
  actor: 'agent',
  data: {
    provider: 'anthropic',
    model: 'some-model',
    stop: 'end',
    usage: { input: tokens, output: 0, cacheRead: 0, cacheWrite: 0 },
    usd,
    ...(heard ? { heard } : {}),
  },
  content: { parts: [] },
});

/** A person says something to a job at work. */
export const jobSteered = (session: string, job: string, text: string): Draft => ({
  stream: session,
  job,
  type: 'job.steered',
  actor: person,
  data: {},
  content: { text },
});

/** A job waits for the network. */
export const networkAwaited = (session: string, job: string): Draft => ({
  stream: session,
  job,
  type: 'network.awaited',
  actor: 'worker',
  data: { who: 'anthropic', failure: failures.offline('No network.'), tries: 0 },
});

/** How a provider can be reached changes. */
export const connectionChanged = (
  provider: string,
  state: Connection['state'],
  rest: Partial<Connection> = {},
): Draft => ({
  stream: adminStream,
  type: 'connection.changed',
  actor: 'worker',
  data: { provider, connection: { state, since: 1, ...rest } },
});

/** A person sets a provider up. */
export const providerSaved = (config: ProviderConfig): Draft => ({
  stream: adminStream,
  type: 'provider.saved',
  actor: person,
  data: { config },
});

/** A person takes back what was set up of a provider. */
export const providerRemoved = (provider: string): Draft => ({
  stream: adminStream,
  type: 'provider.removed',
  actor: person,
  data: { provider },
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
