import { sql } from 'kysely';
import { longGone } from './blobSweep.ts';
import { named, raw, strict, text } from './schema.ts';
import { sqlite } from './tables.ts';

/** Large blobs in pieces, so that none has to fit into memory; the pieces go with their blob. */
export function blobParts(): string[] {
  return [
    ...text(
      sqlite.schema.alterTable('blobs').addColumn('parts', 'integer'),
      sqlite.schema.alterTable('blobs').addColumn('size', 'integer'),
      sqlite.schema
        .createTable('blobParts')
        .addColumn('blob', 'integer', (column) => column.notNull())
        .addColumn('part', 'integer', (column) => column.notNull())
        .addColumn('bytes', 'blob', (column) => column.notNull())
        .addUniqueConstraint('blob_parts_of', ['blob', 'part'])
        .modifyEnd(strict),
      sqlite.schema
        .createTable('blobArrivals')
        .addColumn('blob', 'integer', (column) => column.primaryKey().autoIncrement())
        .addColumn('begun', 'integer', (column) => column.notNull())
        .modifyEnd(strict),
    ),
    raw(sql`create trigger blob_parts_go after delete on blobs when old.parts is not null
      begin delete from "blobParts" where blob = old.parts; end`),
  ];
}

/** What was published before is read from the journal. */
export function publications(): string[] {
  return [
    ...text(
      named('publications')
        .addColumn('deliverable', 'text', (column) => column.notNull())
        .addColumn('session', 'text', (column) => column.notNull())
        .addColumn('ability', 'text', (column) => column.notNull())
        .addColumn('target', 'text', (column) => column.notNull())
        .addColumn('data', 'text', (column) => column.notNull())
        .addColumn('undone', 'integer'),
      ...(['ability', 'deliverable', 'session'] as const).map((column) =>
        sqlite.schema.createIndex(`publications_${column}`).on('publications').columns([column, 'seq']),
      ),
    ),
    raw(sql`insert or ignore into publications (seq, id, deliverable, session, ability, target, data, undone)
      select journal.seq, journal.data ->> '$.publication.execution', deliverables.id, deliverables.session,
        deliverables.ability, journal.data ->> '$.publication.target', journal.data -> '$.publication',
        (select undone.time from journal as undone where undone.type = 'deliverable.unpublished'
          and undone.data ->> '$.execution' = journal.data ->> '$.publication.execution' limit 1)
      from journal join deliverables on deliverables.id = journal.data ->> '$.deliverable'
      where journal.type = 'deliverable.published'`),
  ];
}

/**
 * Lists read small rows; where a deliverable is published follows from the publications alone. A large blob that is
 * whole is no arrival any more.
 */
export function listedDeliverables(): string[] {
  const columns = ['seq', 'id', 'job', 'session', 'ability'].map((name) => sql.ref(name));
  const told = ['type', 'title', 'created'].map((name) => sql`data ->> ${sql.lit(`$.${name}`)}`);
  return [
    ...text(
      named('listed')
        .addColumn('job', 'text', (column) => column.notNull())
        .addColumn('session', 'text', (column) => column.notNull())
        .addColumn('ability', 'text', (column) => column.notNull())
        .addColumn('type', 'text', (column) => column.notNull())
        .addColumn('title', 'text', (column) => column.notNull())
        .addColumn('created', 'integer', (column) => column.notNull())
        .addColumn('files', 'integer', (column) => column.notNull())
        .addColumn('bytes', 'integer', (column) => column.notNull())
        .addColumn('data', 'text', (column) => column.notNull()),
    ),
    raw(sql`insert into listed select ${sql.join([...columns, ...told])}, json_array_length(data, '$.files'),
        (select coalesce(sum(file.value ->> '$.size'), 0) from json_each(data, '$.files') as file),
        json_remove(data, '$.type', '$.title', '$.created')
      from deliverables`),
    ...text(
      sqlite.schema.dropTable('deliverables'),
      sqlite.schema.alterTable('listed').renameTo('deliverables'),
      ...(['session', 'job', 'ability'] as const).map((column) =>
        sqlite.schema.createIndex(`deliverables_${column}`).on('deliverables').columns([column, 'seq']),
      ),
    ),
    raw(sql`delete from "blobArrivals" where blob in (select parts from blobs)`),
    raw(sql`create index publications_place on publications (target, data ->> '$.location', seq)`),
  ];
}

/** A large blob is gone at once; its parts go a few at a time after that, so that nobody has to wait for them. */
export function slowlyGoing(): string[] {
  return [
    raw(sql`drop trigger blob_parts_go`),
    raw(sql`create trigger blob_parts_go after delete on blobs when old.parts is not null
      begin insert or ignore into "blobArrivals" (blob, begun) values (old.parts, ${sql.lit(longGone)}); end`),
  ];
}
