import { sql } from 'kysely';
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
