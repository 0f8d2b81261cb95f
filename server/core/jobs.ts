import type { AttachedFile } from '../protocol/attachment.ts';
import type { Outcome } from '../protocol/failure.ts';
import { bad, failures, good } from '../protocol/failure.ts';
import type { AdminState, Job, JobKind } from '../protocol/job.ts';
import { adminStream } from '../protocol/journal.ts';
import type { Mode } from '../protocol/policy.ts';
import type { Image } from '../protocol/provider.ts';
import type { Session } from '../protocol/session.ts';
import { faultInFiles } from './attachments.ts';
import { nextState } from './jobStates.ts';
import type { Draft, Store } from './ports/store.ts';
import { type Replacing, replacing } from './replace.ts';
import { createSession, readSession, type SessionPorts } from './sessions.ts';

/** What a person hands over. */
export interface JobRequest {
  readonly session?: string | undefined;
  readonly ability?: string | undefined;
  readonly workspace?: string | undefined;
  readonly text: string;
  readonly kind: JobKind;
  readonly images?: readonly Image[] | undefined;
  readonly files?: readonly AttachedFile[] | undefined;
  /** The job of the same session in whose place this one stands. */
  readonly replaces?: string | undefined;
  /** Another provider than the Ability's, for work that needs no model. */
  readonly provider?: string;
  /** How much the person wants to be asked; absent means as the surface says. */
  readonly mode?: Mode | undefined;
}

/** Creates a job in a session, or in a new session with the Ability named (SPEC B2). */
export async function createJob(
  ports: SessionPorts,
  request: JobRequest,
  actor: string,
): Promise<Outcome<Job>> {
  const session = await sessionFor(ports, request, actor);
  if (!session.ok) return session;
  const { id, ability, workspace } = session.value;
  if (!ports.workspaces().includes(workspace)) {
    const mend = `Open "${workspace}", or start a new session here.`;
    return bad(failures.conflict('This session belongs to a folder that is not open here.', mend));
  }
  const fault = await faultInFiles(ports, request.files ?? []);
  if (fault) return bad(fault);
  const job = ports.clock.id();
  const { replaces } = request;
  const around = replaces ? await replacing(ports, { session: id, job: replaces }, actor) : good(alone);
  if (!around.ok) return around;
  const provider = request.provider ?? around.value.provider;
  const files = request.files ?? around.value.files;
  const created: Draft = {
    stream: id,
    job,
    type: 'job.created',
    actor,
    data: {
      ability,
      kind: request.kind,
      workspace,
      ...(provider ? { provider } : {}),
      ...(replaces ? { replaces } : {}),
      ...(request.mode ? { mode: request.mode } : {}),
    },
    content: {
      text: request.text,
      ...(request.images?.length ? { images: request.images } : {}),
      ...(files.length > 0 ? { files } : {}),
    },
  };
  const appended = await ports.store.append([...around.value.before, created, ...around.value.after]);
  return appended.ok ? readJob(ports, job) : appended;
}

async function sessionFor(
  ports: SessionPorts,
  { session, ability, workspace }: JobRequest,
  actor: string,
): Promise<Outcome<Session>> {
  if (session) return readSession(ports, session);
  if (ability) return createSession(ports, { ability, workspace }, actor);
  return bad(failures.invalid('ability', 'A job needs a session or an Ability.', 'Name one of them.'));
}

/** A job that stands in nobody's place. */
const alone: Replacing = { provider: undefined, files: [], before: [], after: [] };

/** Reads one job. */
export async function readJob(ports: { store: Store }, id: string): Promise<Outcome<Job>> {
  const job = await ports.store.job(id);
  return job ? good(job) : bad(failures.notFound('job', id));
}

/** Lets a `run` job into the queue (SPEC B1). */
export async function approveJob(ports: { store: Store }, id: string, actor: string): Promise<Outcome<Job>> {
  const found = await readJob(ports, id);
  if (!found.ok) return found;
  if (!nextState(found.value.state, 'approve')) {
    return bad(
      failures.conflict(`The job is ${words(found.value)}; it needs no approval.`, 'Nothing is needed.'),
    );
  }
  const { session } = found.value;
  const appended = await ports.store.append([
    { stream: session, job: id, type: 'job.approved', actor, data: {} },
  ]);
  return appended.ok ? readJob(ports, id) : appended;
}

/** Aborts a job: one that waits ends at once, a running one when its worker acknowledges (SPEC B1). */
export async function abortJob(ports: { store: Store }, id: string, actor: string): Promise<Outcome<Job>> {
  for (let tries = 0; tries < 3; tries++) {
    const found = await readJob(ports, id);
    if (!found.ok) return found;
    const next = nextState(found.value.state, 'abort');
    if (!next) {
      return bad(failures.conflict(`The job is ${words(found.value)} already.`, 'Nothing is needed.'));
    }
    const type = next === 'aborting' ? 'job.abortRequested' : 'job.aborted';
    const base = { stream: found.value.session, job: id, actor };
    const appended = await ports.store.append([{ ...base, type, data: {} }]);
    if (appended.ok) return readJob(ports, id);
    if (appended.failure.kind !== 'conflict') return appended;
  }
  return bad(failures.conflict('The job changed while it was being aborted.', 'Try again.'));
}

/** The panic switch (SPEC B3): on, nothing is claimed anywhere on this store. */
export async function setPaused(
  ports: { store: Store },
  paused: boolean,
  actor: string,
): Promise<Outcome<AdminState>> {
  const before = await ports.store.admin();
  if (before.paused !== paused) {
    const type = paused ? 'admin.paused' : 'admin.resumed';
    const appended = await ports.store.append([{ stream: adminStream, type, actor, data: {} }]);
    if (!appended.ok) return appended;
  }
  return good(await ports.store.admin());
}

function words(job: Job): string {
  return job.state.replace('_', ' ');
}
