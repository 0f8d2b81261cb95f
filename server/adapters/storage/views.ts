import { sql } from 'kysely';
import type { Kept, Store } from '../../core/ports/store.ts';
import type { Ability } from '../../protocol/ability.ts';
import type { Connection } from '../../protocol/connection.ts';
import type { AdminState, Job } from '../../protocol/job.ts';
import type { ProviderConfig } from '../../protocol/provider.ts';
import { defaultSettings, type Settings } from '../../protocol/settings.ts';
import { type DeliveryViews, deliveryViews } from './deliveryViews.ts';
import type { Queries } from './prepare.ts';
import { costSince, ownCost, spentOn } from './spending.ts';
import { sqlite } from './tables.ts';
import { approvalOf, dataOf, executionOf, jobOf, previewOf, sessionOf } from './viewRows.ts';

/** The reading side of the projections. */
export type Views = DeliveryViews &
  Pick<
    Store,
    | 'abilities'
    | 'session'
    | 'sessions'
    | 'job'
    | 'jobs'
    | 'approval'
    | 'pendingApprovals'
    | 'executions'
    | 'execution'
    | 'admin'
    | 'providers'
    | 'settings'
    | 'connections'
    | 'kept'
    | 'spent'
    | 'children'
  >;

/** Reads the projections of one connection. */
export function viewsOn(queries: Queries, midnight: () => number): Views {
  const { all } = queries;
  const jobNamed = jobReader(queries);
  const executionNamed = queries.prepare({ id: '' }, ({ id }) => executions().where('id', '=', id));
  const settings = queries.prepare({}, () => sqlite.selectFrom('settings').select('data'));
  const adminState = adminReader(queries);
  const keptOf = queries.prepare({ kind: '' }, ({ kind }) =>
    sqlite.selectFrom('kept').select(['key', 'data']).where('kind', '=', kind).orderBy('key'),
  );
  return {
    abilities: async () => rowsOf(queries, 'abilities').map(dataOf<Ability>),
    session: async (id) => first(all(sessions().where('sessions.id', '=', id)).map(sessionOf)),
    sessions: async ({ ability, parent, limit }) =>
      all(
        sessions()
          .$if(parent !== undefined, (query) => query.where('sessions.parent', '=', parent ?? ''))
          .$if(ability !== undefined, (query) => query.where('sessions.ability', '=', ability ?? ''))
          .orderBy('lastly', 'desc')
          .orderBy('sessions.seq', 'desc')
          .limit(limit),
      ).map(sessionOf),
    job: async (id) => jobNamed(id),
    jobs: async ({ state, session, limit }) =>
      all(
        jobs()
          .$if(state !== undefined, (query) => query.where('jobs.state', '=', state ?? ''))
          .$if(session !== undefined, (query) => query.where('jobs.session', '=', session ?? ''))
          .orderBy('jobs.seq', 'desc')
          .limit(limit),
      ).map(jobOf),
    approval: async (id) => first(all(approvals().where('approvals.id', '=', id)).map(approvalOf)),
    pendingApprovals: async (job) =>
      all(
        approvals()
          .innerJoin('jobs', 'jobs.id', 'approvals.job')
          .where('decision', 'is', null)
          .where('jobs.state', 'not in', ended)
          .$if(job !== undefined, (query) => query.where('approvals.job', '=', job ?? ''))
          .orderBy('approvals.seq'),
      ).map((row) => ({ approval: approvalOf(row), preview: previewOf(row) })),
    executions: async (job) => all(executions().where('job', '=', job)).map(executionOf),
    execution: async (id) => first(executionNamed.all({ id }).map(executionOf)),
    ...deliveryViews(queries),
    admin: async () => ({
      ...adminState(),
      today: costSince(queries, midnight()),
    }),
    providers: async () => rowsOf(queries, 'providers').map(dataOf<ProviderConfig>),
    settings: async () => first(settings.all({}).map(dataOf<Settings>)) ?? defaultSettings,
    connections: async () =>
      Object.fromEntries(rowsOf(queries, 'connections').map((row) => [row.id, dataOf<Connection>(row)])),
    kept: async <K extends keyof Kept>(kind: K) =>
      Object.fromEntries(keptOf.all({ kind }).map((row) => [row.key, dataOf<Kept[K]>(row)])),
    spent: async (query) => spentOn(queries, query),
    children: async (job) => all(jobs().where('jobs.parent', '=', job).orderBy('jobs.seq')).map(jobOf),
  };
}

/** Reads one job by its id at once, for use inside a transaction. */
export function jobReader(queries: Queries): (id: string) => Job | null {
  const statement = queries.prepare({ id: '' }, ({ id }) => jobs().where('jobs.id', '=', id));
  return (id) => {
    const row = statement.get({ id });
    return row ? jobOf(row) : null;
  };
}

/** The rows of what a person keeps by name, in the order in which each was first kept. */
function rowsOf(queries: Queries, table: 'abilities' | 'providers' | 'connections') {
  return queries.all(sqlite.selectFrom(table).select(['id', 'data']).orderBy('seq'));
}

const ended = ['completed', 'failed', 'aborted'];
/** Titles are short; a longer text is not read whole for one. */
const title = sql<
  string | null
>`substr(coalesce(contents.body ->> '$.title', contents.body ->> '$.text'), 1, 400)`;

const first = <T>(rows: T[]): T | null => rows[0] ?? null;

function sessions() {
  return sqlite
    .selectFrom('sessions')
    .leftJoin('contents', 'contents.seq', 'sessions.titled')
    .leftJoin('jobs', 'jobs.seq', 'sessions.newest')
    .selectAll('sessions')
    .select([title.as('title'), 'jobs.state'])
    .select(sql<number>`max(sessions.updated, coalesce(jobs.updated, 0))`.as('lastly'));
}

function jobs() {
  return sqlite
    .selectFrom('jobs')
    .leftJoin('contents', 'contents.seq', 'jobs.seq')
    .selectAll('jobs')
    .select(title.as('title'))
    .select(ownCost)
    .select((cell) =>
      cell
        .selectFrom('approvals')
        .select((count) => count.fn.countAll<number>().as('open'))
        .whereRef('approvals.job', '=', 'jobs.id')
        .where('approvals.decision', 'is', null)
        .as('waiting'),
    );
}

function approvals() {
  return sqlite
    .selectFrom('approvals')
    .leftJoin('contents', 'contents.seq', 'approvals.seq')
    .select(['approvals.data', 'approvals.decision', 'contents.body']);
}

function executions() {
  return sqlite
    .selectFrom('executions')
    .leftJoin('contents', 'contents.seq', 'executions.finished')
    .selectAll('executions')
    .select('contents.body')
    .orderBy('executions.seq');
}

/** Jobs counted by what they do now; `waiting` are those that a person keeps from going on. */
function adminReader(queries: Queries): () => Omit<AdminState, 'today'> {
  const asks = sql<number>`(exists (select 1 from approvals where job = jobs.id and decision is null))`;
  const counted = queries.prepare({}, () =>
    sqlite
      .selectFrom('jobs')
      .select(['state', asks.as('asks')])
      .select((cell) => cell.fn.countAll<number>().as('count'))
      .where('state', 'in', ['needs_approval', 'queued', 'running', 'aborting'])
      .groupBy(['state', 'asks']),
  );
  const switches = queries.prepare({}, () => sqlite.selectFrom('admin').select('paused'));
  return () => {
    const counts = counted.all({});
    const sum = (which: (row: (typeof counts)[number]) => boolean) =>
      counts.filter(which).reduce((total, row) => total + row.count, 0);
    return {
      paused: switches.all({}).some((row) => row.paused === 1),
      running: sum((row) => row.state === 'running' || row.state === 'aborting'),
      queued: sum((row) => row.state === 'queued'),
      waiting: sum((row) => row.state === 'needs_approval' || row.asks === 1),
    };
  };
}
