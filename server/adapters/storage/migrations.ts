import { type ColumnDefinitionBuilder, type RawBuilder, sql } from 'kysely';
import { blobParts, listedDeliverables, publications, slowlyGoing } from './deliverySchema.ts';
import { named, numbered, raw, strict, text } from './schema.ts';
import { quarterOfAnHour } from './spendingProjection.ts';
import { sqlite } from './tables.ts';

/** One step of the schema: the statements that lead to it from the step before. */
export interface Migration {
  readonly name: string;
  statements(): readonly string[];
}

/** Every step in order; a database's `user_version` is the number of steps it has taken. */
export const migrations: readonly Migration[] = [
  { name: 'journal', statements: () => [...journal(), ...contents()] },
  { name: 'projections', statements: () => [...conversations(), ...executions(), ...rest()] },
  { name: 'engine', statements: () => [...delegation(), ...spending(), ...setUp()] },
  { name: 'safety', statements: kept },
  { name: 'delivery', statements: () => [...blobParts(), ...publications()] },
  { name: 'listing', statements: listedDeliverables },
  { name: 'going', statements: slowlyGoing },
];

/**
 * The types that come with every round are not indexed by type: a scan soon finds them, and each index costs
 * every append an encrypted page. A query by another type names this condition, so that the index serves it.
 */
export const frequentTypes = [
  'message.added',
  'execution.started',
  'execution.finished',
  'job.claimed',
] as const;
export const isRare = sql<boolean>`type not in (${sql.join(frequentTypes.map((type) => sql.lit(type)))})`;

/** Jobs of which one at a time is done in a session; a claim names this condition, so that its index serves it. */
export const isInTurn = sql<boolean>`state in ('queued', 'running', 'aborting')`;

function journal(): string[] {
  const table = numbered('journal')
    .addColumn('time', 'integer', (column) => column.notNull())
    .addColumn('stream', 'text', (column) => column.notNull())
    .addColumn('job', 'text')
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('data', 'text', (column) => column.notNull())
    .addColumn('content', 'text')
    .addColumn('prev', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull());
  const index = (name: string) => sqlite.schema.createIndex(name).on('journal');
  return [
    ...text(
      table,
      index('journal_stream').columns(['stream', 'seq']),
      index('journal_type').columns(['type', 'seq']).where(isRare),
    ),
    raw(refusal('update')),
    raw(refusal('delete')),
    raw(sql`create trigger journal_order before insert on journal
      when new.seq <= (select max(seq) from journal)
      begin select raise(abort, 'the journal only grows'); end`),
  ];
}

function refusal(act: 'update' | 'delete'): RawBuilder<unknown> {
  return sql`create trigger ${sql.ref(`journal_no_${act}`)} before ${sql.raw(act)} on journal
    begin select raise(abort, 'the journal only grows'); end`;
}

function contents(): string[] {
  return text(
    numbered('contents').addColumn('body', 'text', (column) => column.notNull()),
    sqlite.schema
      .createTable('blobs')
      .addColumn('digest', 'text', (column) => column.primaryKey().notNull())
      .addColumn('bytes', 'blob', (column) => column.notNull())
      .modifyEnd(strict),
  );
}

function conversations(): string[] {
  return text(
    named('sessions')
      .addColumn('ability', 'text', (column) => column.notNull())
      .addColumn('workspace', 'text', (column) => column.notNull())
      .addColumn('created', 'integer', (column) => column.notNull())
      .addColumn('updated', 'integer', (column) => column.notNull())
      .addColumn('titled', 'integer')
      .addColumn('newest', 'integer'),
    named('jobs')
      .addColumn('session', 'text', (column) => column.notNull())
      .addColumn('ability', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('workspace', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('worker', 'text')
      .addColumn('failure', 'text')
      .addColumn('created', 'integer', (column) => column.notNull())
      .addColumn('updated', 'integer', (column) => column.notNull()),
    sqlite.schema.createIndex('jobs_state').on('jobs').columns(['state', 'seq']),
    sqlite.schema.createIndex('jobs_session').on('jobs').columns(['session', 'seq']),
  );
}

function executions(): string[] {
  return text(
    named('approvals')
      .addColumn('job', 'text', (column) => column.notNull())
      .addColumn('digest', 'text', (column) => column.notNull())
      .addColumn('expires', 'integer', (column) => column.notNull())
      .addColumn('data', 'text', (column) => column.notNull())
      .addColumn('decision', 'text')
      .addColumn('execution', 'text'),
    sqlite.schema
      .createIndex('approvals_open')
      .on('approvals')
      .columns(['job'])
      .where(sql<boolean>`decision is null`),
    named('executions')
      .addColumn('job', 'text', (column) => column.notNull())
      .addColumn('session', 'text', (column) => column.notNull())
      .addColumn('call', 'text', (column) => column.notNull())
      .addColumn('tool', 'text', (column) => column.notNull())
      .addColumn('title', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('undoable', 'integer', (column) => column.notNull())
      .addColumn('finished', 'integer'),
    sqlite.schema.createIndex('executions_job').on('executions').columns(['job', 'seq']),
  );
}

function rest(): string[] {
  return text(
    named('abilities').addColumn('data', 'text', (column) => column.notNull()),
    named('deliverables')
      .addColumn('job', 'text', (column) => column.notNull())
      .addColumn('session', 'text', (column) => column.notNull())
      .addColumn('ability', 'text', (column) => column.notNull())
      .addColumn('data', 'text', (column) => column.notNull())
      .addColumn('published', 'text'),
    sqlite.schema.createIndex('deliverables_session').on('deliverables').columns(['session', 'seq']),
    sqlite.schema.createIndex('deliverables_job').on('deliverables').columns(['job', 'seq']),
    sqlite.schema.createIndex('deliverables_ability').on('deliverables').columns(['ability', 'seq']),
    sqlite.schema
      .createTable('admin')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('paused', 'integer', (column) => column.notNull())
      .modifyEnd(strict),
    sqlite.schema
      .createTable('leases')
      .addColumn('job', 'text', (column) => column.primaryKey().notNull())
      .addColumn('worker', 'text', (column) => column.notNull())
      .addColumn('until', 'integer', (column) => column.notNull())
      .modifyEnd(sql`strict, without rowid`),
  );
}

function delegation(): string[] {
  const jobs = sqlite.schema.alterTable('jobs');
  const none = (column: ColumnDefinitionBuilder) => column.notNull().defaultTo(sql.lit(0));
  return text(
    sqlite.schema.alterTable('sessions').addColumn('parent', 'text'),
    jobs.addColumn('parent', 'text'),
    jobs.addColumn('agent', 'text'),
    ...(['offline', 'steered', 'heard'] as const).map((name) => jobs.addColumn(name, 'integer', none)),
    sqlite.schema
      .createIndex('jobs_parent')
      .on('jobs')
      .columns(['parent', 'seq'])
      .where(sql<boolean>`parent is not null`),
    sqlite.schema.createIndex('jobs_turn').on('jobs').columns(['session', 'seq']).where(isInTurn),
  );
}

/** What was spent before is read from the journal; messages bore no price then. */
function spending(): string[] {
  const tokens = ['input', 'output', 'cacheRead', 'cacheWrite'].map(
    (kind) => sql`coalesce(data ->> ${sql.lit(`$.usage.${kind}`)}, 0)`,
  );
  return [
    ...text(
      sqlite.schema
        .createTable('spending')
        .addColumn('job', 'text', (column) => column.notNull())
        .addColumn('quarter', 'integer', (column) => column.notNull())
        .addColumn('tokens', 'integer', (column) => column.notNull())
        .addColumn('usd', 'real', (column) => column.notNull())
        .addColumn('unpriced', 'integer', (column) => column.notNull())
        .addColumn('rounds', 'integer', (column) => column.notNull())
        .addPrimaryKeyConstraint('spending_of', ['job', 'quarter'])
        .modifyEnd(sql`strict, without rowid`),
      sqlite.schema.createIndex('spending_quarter').on('spending').columns(['quarter']),
    ),
    raw(sql`insert into spending
      select job, time / ${sql.lit(quarterOfAnHour)}, sum(${sql.join(tokens, sql` + `)}), 0.0,
        max(data ->> '$.usage' is not null), count(*)
      from journal where type = 'message.added' and job is not null group by 1, 2`),
  ];
}

function setUp(): string[] {
  return text(
    named('providers').addColumn('data', 'text', (column) => column.notNull()),
    named('connections').addColumn('data', 'text', (column) => column.notNull()),
    sqlite.schema
      .createTable('settings')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('data', 'text', (column) => column.notNull())
      .modifyEnd(strict),
  );
}

/** Small things that a person settled, by kind and key. */
function kept(): string[] {
  return text(
    sqlite.schema
      .createTable('kept')
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('data', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('kept_of', ['kind', 'key'])
      .modifyEnd(sql`strict, without rowid`),
  );
}
