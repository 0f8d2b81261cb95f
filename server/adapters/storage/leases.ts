import { hostname } from 'node:os';
import { sql } from 'kysely';
import { bad, failures, good } from '../../protocol/failure.ts';
import type { Job } from '../../protocol/job.ts';
import type { Journal } from './journal.ts';
import { isInTurn } from './migrations.ts';
import type { Queries } from './prepare.ts';
import { sqlite } from './tables.ts';
import { jobReader } from './views.ts';

/** The workspace folders that a worker serves. */
export type Workspaces = readonly string[] | 'any';

/** Who works on what: each lease is one job in the hands of one worker until a time. */
export interface Leases {
  /** See `Store.claim`; `null` also where the store cannot be written just now. */
  claim(worker: string, workspaces: Workspaces, lease: number): Job | null;
  takeOver(worker: string, workspaces: Workspaces, lease: number): Job | null;
  heartbeat(worker: string, lease: number): string[];
  /** The worker that holds the job. */
  holder(job: string): string | null;
}

/** Leases over the journal's connection. */
export function leasesOn(queries: Queries, journal: Journal, now: () => number): Leases {
  const jobNamed = jobReader(queries);
  const statements = statementsOf(queries);
  const take = (worker: string, workspaces: Workspaces, lease: number) => {
    const outcome = journal.change((append) => {
      const taken = statements.take.get({ worker, until: now() + lease, ...served(workspaces) });
      if (!taken) return bad(nothingToDo);
      const { job: id } = taken;
      const stream = statements.session.get({ id })?.session ?? '';
      const entry = append({ stream, job: id, type: 'job.claimed', actor: 'worker', data: { worker } });
      return entry.ok ? good(jobNamed(id)) : entry;
    });
    return outcome.ok ? outcome.value : null;
  };
  const abandoned = (worker: string, workspaces: Workspaces) =>
    statements.underWay
      .all(served(workspaces))
      .find(({ holder, until }) => holder !== worker && (until === null || until <= now() || isDead(holder)));
  const recover = (worker: string, workspaces: Workspaces, lease: number) => {
    const outcome = journal.change((append) => {
      const job = abandoned(worker, workspaces);
      if (!job) return bad(nothingToDo);
      const { id, session: stream } = job;
      statements.lease.run({ job: id, worker, until: now() + lease });
      const data = { worker, from: job.holder ?? job.worker ?? 'nobody' };
      const entry = append({ stream, job: id, type: 'job.recovered', actor: 'worker', data });
      return entry.ok ? good(jobNamed(id)) : entry;
    });
    return outcome.ok ? outcome.value : null;
  };
  let idle = true;
  return {
    claim(worker, workspaces, lease) {
      if (idle && !statements.waits.get(served(workspaces))) return null;
      const taken = take(worker, workspaces, lease);
      idle = taken === null;
      return taken;
    },
    takeOver: (worker, workspaces, lease) =>
      abandoned(worker, workspaces) ? recover(worker, workspaces, lease) : null,
    heartbeat: (worker, lease) =>
      statements.prolong.all({ worker, until: now() + lease }).map(({ job }) => job),
    holder: (job) => statements.holder.get({ job })?.worker ?? null,
  };
}

const nothingToDo = failures.conflict('There is nothing to take.', 'Wait for a job.');

/** Whether the worker, named `host:pid:random`, was a process of this host that is gone. */
function isDead(worker: string | null): boolean {
  const [host, pid] = worker?.split(':') ?? [];
  if (host !== hostname() || !/^\d+$/.test(pid ?? '')) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

function served(workspaces: Workspaces) {
  const any = workspaces === 'any';
  return { any: any ? 1 : 0, folders: JSON.stringify(any ? [] : workspaces) };
}

const inHand = { any: 0, folders: '' };

const inFolders = ({ any, folders }: typeof inHand) =>
  sql<boolean>`(${any} = 1 or jobs.workspace in (select value from json_each(${folders})))`;

const paused = sql<boolean>`exists (select 1 from admin where paused = 1)`;

function queued(args: typeof inHand) {
  return sqlite
    .selectFrom('jobs')
    .where('jobs.state', '=', 'queued')
    .where(inFolders(args))
    .where(sql<boolean>`not ${paused}`)
    .where(({ not, exists }) => not(exists(earlierInTurn)))
    .where(({ not, exists, or, eb }) => or([eb('jobs.kind', '=', 'task'), not(exists(laterAtWork))]))
    .orderBy('jobs.seq')
    .limit(1);
}

/** A job of the same session that was handed over before and is not done. */
const earlierInTurn = sqlite
  .selectFrom('jobs as earlier')
  .select('earlier.seq')
  .whereRef('earlier.session', '=', sql.ref('jobs.session'))
  .whereRef('earlier.seq', '<', sql.ref('jobs.seq'))
  .where(isInTurn);

/** A job of the same session that was handed over later and is at work: only a `run` may be allowed so late. */
const laterAtWork = sqlite
  .selectFrom('jobs as later')
  .select('later.seq')
  .whereRef('later.session', '=', sql.ref('jobs.session'))
  .whereRef('later.seq', '>', sql.ref('jobs.seq'))
  .where(isInTurn)
  .where('later.state', '!=', 'queued');

/** While work is paused, only what is being aborted may change hands. */
function underWay(args: typeof inHand) {
  return sqlite
    .selectFrom('jobs')
    .leftJoin('leases', 'leases.job', 'jobs.id')
    .select(['jobs.id', 'jobs.session', 'jobs.worker', 'leases.worker as holder', 'leases.until'])
    .where('state', 'in', ['running', 'aborting'])
    .where(inFolders(args))
    .where(sql<boolean>`(state = 'aborting' or not ${paused})`)
    .orderBy('seq');
}

function statementsOf(queries: Queries) {
  const worker = { worker: '', until: 0 };
  return {
    waits: queries.prepare(inHand, (args) => queued(args).select('id')),
    take: queries.prepare({ ...worker, ...inHand }, (args) =>
      sqlite
        .insertInto('leases')
        .columns(['job', 'worker', 'until'])
        .expression(
          queued(args).select(['id', sql.val(args.worker).as('worker'), sql.val(args.until).as('until')]),
        )
        .onConflict((row) => row.column('job').doUpdateSet({ worker: args.worker, until: args.until }))
        .returning('job'),
    ),
    session: queries.prepare({ id: '' }, ({ id }) =>
      sqlite.selectFrom('jobs').select('session').where('id', '=', id),
    ),
    underWay: queries.prepare(inHand, underWay),
    lease: queries.prepare({ job: '', ...worker }, (args) =>
      sqlite
        .insertInto('leases')
        .values(args)
        .onConflict((row) => row.column('job').doUpdateSet({ worker: args.worker, until: args.until })),
    ),
    prolong: queries.prepare(worker, (args) =>
      sqlite
        .updateTable('leases')
        .set({ until: args.until })
        .where('worker', '=', args.worker)
        .returning('job'),
    ),
    holder: queries.prepare({ job: '' }, ({ job }) =>
      sqlite.selectFrom('leases').select('worker').where('job', '=', job),
    ),
  };
}
