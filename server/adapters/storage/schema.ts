import { type CreateTableBuilder, type RawBuilder, sql } from 'kysely';
import { sqlite } from './tables.ts';

interface Compilable {
  compile(): { readonly sql: string };
}

/** The statements of several steps. */
export const text = (...steps: readonly Compilable[]) => steps.map((step) => step.compile().sql);
/** A statement that the builder has no words for. */
export const raw = (statement: RawBuilder<unknown>) => statement.compile(sqlite).sql;
/** What each table ends with. */
export const strict = sql`strict`;

/** A table whose rows are numbered by the entry that brought them about. */
export function numbered<T extends string>(name: T): CreateTableBuilder<T, 'seq'> {
  return sqlite.schema
    .createTable(name)
    .addColumn('seq', 'integer', (column) => column.primaryKey())
    .modifyEnd(strict);
}

/** A table whose rows have a name beside their number. */
export function named<T extends string>(name: T): CreateTableBuilder<T, 'seq' | 'id'> {
  return numbered(name).addColumn('id', 'text', (column) => column.notNull().unique());
}
