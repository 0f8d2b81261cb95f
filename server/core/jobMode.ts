import { bad, failures, good, type Outcome } from '../protocol/failure.ts';
import type { Job } from '../protocol/job.ts';
import type { JournalFilter } from '../protocol/journal.ts';
import type { Mode } from '../protocol/policy.ts';
import { isEnded } from './jobStates.ts';
import type { Store } from './ports/store.ts';

/** What telling a job's mode needs from outside core. */
export interface ModePorts {
  readonly store: Pick<Store, 'entries' | 'head' | 'job'>;
  /** What the surface says for jobs of which the person said nothing else. */
  mode(): Mode;
}

/**
 * Follows how much a job asks: what the person set for it last, else what it was created with, else what the surface
 * says. A specialist's job asks no less than the job that it is a part of, unless the person set it by itself.
 * Each look reads only what was appended since the one before.
 */
export function followJobMode(ports: ModePorts, { id, session, parent }: Job): () => Promise<Mode> {
  const { store } = ports;
  const filter: JournalFilter = { stream: session, job: id, types: ['job.created', 'job.modeSet'] };
  let upTo = 0;
  let created: Mode | undefined;
  let set: Mode | undefined;
  let above: (() => Promise<Mode>) | null = null;
  const read = async () => {
    const head = await store.head();
    for (let more = true; more; ) {
      const page = await store.entries({ filter, after: upTo, limit: 100 });
      for (const entry of page.entries) {
        upTo = entry.seq;
        if (entry.type === 'job.created') created = entry.data.mode;
        if (entry.type === 'job.modeSet') set = entry.data.mode;
      }
      more = page.more;
    }
    upTo = Math.max(upTo, head);
  };
  return async () => {
    await read();
    if (set) return set;
    const whole = parent && !above ? await store.job(parent) : null;
    if (whole) above = followJobMode(ports, whole);
    if (!above) return created ?? ports.mode();
    return created ? stricterMode(created, await above()) : above();
  };
}

/** Sets how much a job asks from here on. */
export async function setJobMode(
  ports: { readonly store: Store },
  { id, mode }: { readonly id: string; readonly mode: Mode },
  actor: string,
): Promise<Outcome<Job>> {
  const job = await ports.store.job(id);
  if (!job) return bad(failures.notFound('job', id));
  if (isEnded(job.state)) {
    return bad(failures.conflict('The job has ended, so it asks nothing more.', 'Hand over another one.'));
  }
  const appended = await ports.store.append([
    { stream: job.session, job: id, type: 'job.modeSet', actor, data: { mode } },
  ]);
  return appended.ok ? good((await ports.store.job(id)) ?? job) : appended;
}

/** The one of two modes that asks more. */
export function stricterMode(one: Mode, other: Mode): Mode {
  return leniency[one] <= leniency[other] ? one : other;
}

const leniency = { ask: 0, assisted: 1, allow: 2 } as const satisfies Record<Mode, number>;
