import type { AttachedFile } from '../protocol/attachment.ts';
import type { EntryData } from '../protocol/entryData.ts';
import { bad, failures, good, type Outcome } from '../protocol/failure.ts';
import type { Job } from '../protocol/job.ts';
import { isEnded } from './jobStates.ts';
import type { Clock } from './ports/clock.ts';
import type { Draft, Store } from './ports/store.ts';

/** What must be noted around a job that stands in the place of another one. */
export interface Replacing {
  /** The provider that the replaced job named. */
  readonly provider: string | undefined;
  /** What was attached to the replaced job. */
  readonly files: readonly AttachedFile[];
  /** Takes back what waited: the replaced job itself, and those that were queued behind it. */
  readonly before: readonly Draft[];
  /** Hands those over anew, in their order. */
  readonly after: readonly Draft[];
}

/** More jobs than any session has. */
const mostJobs = 100_000;

/** Works out what it takes to replace a job of a session; nothing from that job on may be at work. */
export async function replacing(
  ports: { store: Store; clock: Clock },
  request: { readonly session: string; readonly job: string },
  actor: string,
): Promise<Outcome<Replacing>> {
  const { store, clock } = ports;
  const jobs = await store.jobs({ session: request.session, limit: mostJobs });
  const at = jobs.findIndex(({ id }) => id === request.job);
  const [replaced, ...behind] = jobs.slice(0, at + 1).reverse();
  if (!replaced) return bad(failures.notFound('job', request.job));
  if ([replaced, ...behind].some(isAtWork)) return bad(atWork);
  const asked = await askedFor(store, replaced.id);
  const waiting = behind.filter(waits);
  const before = [replaced, ...behind].filter(waits).map((job): Draft => withdrawal(job, actor));
  const after = await Promise.all(
    waiting.map(async ({ id, session: stream }): Promise<Draft> => {
      const { data, content } = await askedFor(store, id);
      return { stream, job: clock.id(), type: 'job.created', actor, data, content };
    }),
  );
  const { files = [] } = (asked.content ?? {}) as { files?: AttachedFile[] };
  return good({ provider: asked.data.provider, files, before, after });
}

const waits = ({ state }: Job) => state === 'queued' || state === 'needs_approval';
const isAtWork = (job: Job) => !waits(job) && !isEnded(job.state);

/** Why nothing is said anew: what was said is being done. */
export const atWork = failures.conflict(
  'The session is still at work on that.',
  'Stop it or let it end, then change what you said.',
);

function withdrawal({ id, session: stream }: Job, actor: string): Draft {
  return { stream, job: id, type: 'job.aborted', actor, data: {} };
}

/** What a job was created with, but for whom it replaced. */
async function askedFor(
  store: Store,
  job: string,
): Promise<{ data: EntryData<'job.created'>; content: unknown }> {
  const filter = { job, types: ['job.created' as const] };
  const { entries } = await store.entries({ filter, after: 0, limit: 1, bodies: true });
  const [created] = entries;
  if (created?.type !== 'job.created') throw new Error(`The job ${job} was never created.`);
  const { replaces: _, ...data } = created.data;
  return { data, content: created.body };
}
