import path from 'node:path';
import { openStore } from '../server/adapters/storage/openStore.ts';
import { systemClock } from '../server/adapters/systemClock.ts';
import type { Draft, Store } from '../server/core/ports/store.ts';

/** The folder that the jobs of these measurements name; nothing lies there. */
export const benchWorkspace = '/bench';
export const benchSession = 'bench-session';

/** Opens a store of its own in a folder that exists. */
export async function storeIn(folder: string): Promise<Store> {
  const opened = await openStore({
    file: path.join(folder, 'butler.db'),
    headFile: path.join(folder, 'journal.head'),
    key: new Uint8Array(32).fill(7),
    clock: systemClock,
  });
  if (!opened.ok) throw new Error(opened.failure.what);
  return opened.value;
}

/** Appends drafts that must fit. */
export async function mustAppend(store: Store, drafts: readonly Draft[]): Promise<void> {
  const appended = await store.append(drafts);
  if (!appended.ok) throw new Error(appended.failure.what);
}

/** The drafts of a session, and of a queued job in it. */
export function sessionDraft(session = benchSession): Draft {
  const data = { session, ability: 'bench', workspace: benchWorkspace };
  return { stream: session, type: 'session.created', actor: 'person:bench', data };
}

export function jobDraft(job: string, session = benchSession): Draft {
  const data = { ability: 'bench', kind: 'task', workspace: benchWorkspace } as const;
  return { stream: session, job, type: 'job.created', actor: 'person:bench', data, content: { text: job } };
}

/** The draft of a message of the assistant, with its text as content. */
export function messageDraft(job: string, text: string, session = benchSession): Draft {
  const data = { provider: 'bench', model: 'mock-model', stop: 'end', usage: null } as const;
  const content = { parts: [{ kind: 'text', text }] };
  return { stream: session, job, type: 'message.added', actor: 'agent', data, content };
}

/** The draft of an entry that has no content. */
export function attemptDraft(job: string, session = benchSession): Draft {
  const failure = { kind: 'overloaded', what: 'The model is overloaded.', mend: 'Try again.' } as const;
  const data = { provider: 'bench', failure, again: true };
  return { stream: session, job, type: 'attempt.failed', actor: 'worker', data };
}
