import { bad, failures, good, type Outcome } from '../protocol/failure.ts';
import type { Session } from '../protocol/session.ts';
import { isEnded } from './jobStates.ts';
import { readJob } from './jobs.ts';
import type { Draft, Store } from './ports/store.ts';
import { readSession, type SessionPorts } from './sessions.ts';

/** The longest part of a title that the title of its fork keeps. */
const longestTitle = 100;

/** Opens a session of the same Ability and folder that begins with what another one said up to the end of a job. */
export async function forkSession(
  ports: SessionPorts,
  request: { readonly id: string; readonly job: string },
  actor: string,
): Promise<Outcome<Session>> {
  const found = await readSession(ports, request.id);
  if (!found.ok) return found;
  const end = await endOf(ports.store, request);
  if (!end.ok) return end;
  const { ability, workspace, title } = found.value;
  const id = ports.clock.id();
  const fork = { session: request.id, seq: end.value };
  const base = { stream: id, actor };
  const drafts: Draft[] = [
    { ...base, type: 'session.created', data: { session: id, ability, workspace, fork } },
  ];
  if (title !== '') {
    const content = { title: `${title.slice(0, longestTitle)} (fork)` };
    drafts.push({ ...base, type: 'session.renamed', data: {}, content });
  }
  const appended = await ports.store.append(drafts);
  return appended.ok ? readSession(ports, id) : appended;
}

/** The number of the entry with which a job of the session came to its end. */
async function endOf(
  store: Store,
  { id, job }: { readonly id: string; readonly job: string },
): Promise<Outcome<number>> {
  const found = await readJob({ store }, job);
  if (!found.ok) return found;
  if (found.value.session !== id) return bad(failures.notFound('job', job));
  if (!isEnded(found.value.state)) {
    return bad(failures.conflict('The job has not ended yet.', 'Stop it or let it end, then fork.'));
  }
  const types = ['job.completed' as const, 'job.failed' as const, 'job.aborted' as const];
  const { entries } = await store.entries({ filter: { stream: id, job, types }, after: 0, limit: 1 });
  return good(entries[0]?.seq ?? 1);
}
