import { sql } from 'kysely';
import type { Store } from '../../core/ports/store.ts';
import type {
  Deliverable,
  DeliverableRow,
  Publication,
  PublicationRecord,
} from '../../protocol/deliverable.ts';
import type { Queries } from './prepare.ts';
import { sqlite } from './tables.ts';

/** The reading side of deliverables and of what was published. */
export type DeliveryViews = Pick<Store, 'deliverable' | 'deliverables' | 'versions' | 'publications'>;

/** Reads deliverables and publications of one connection. */
export function deliveryViews({ all }: Queries): DeliveryViews {
  return {
    deliverable: async (id) => {
      const [row] = all(listed().select('deliverables.data').where('deliverables.id', '=', id));
      if (!row) return null;
      const { bytes: _, ...rest } = rowOf(row);
      return { ...rest, ...(JSON.parse(row.data) as Content) };
    },
    deliverables: async ({ limit, ...wanted }) =>
      all(
        (['session', 'job', 'ability'] as const)
          .reduce(
            (query, column) =>
              query.$if(wanted[column] !== undefined, (narrowed) =>
                narrowed.where(`deliverables.${column}`, '=', wanted[column] ?? ''),
              ),
            listed(),
          )
          .orderBy('deliverables.seq', 'desc')
          .limit(limit),
      ).map(rowOf),
    versions: async (query) => all(versions(query)),
    publications: async (query) => all(publications(query)).map(recordOf),
  };
}

/** What lies in the large column of a deliverable's row. */
type Content = Pick<Deliverable, 'files' | 'metadata' | 'findings'>;

/** Whether a publication is there: it was not taken back, and no later one that was not took its place. */
const stands = sql<number>`(publications.undone is null and not exists (select 1 from publications as later
  where later.target = publications.target and later.data ->> '$.location' = publications.data ->> '$.location'
    and later.seq > publications.seq and later.undone is null))`;

const published = sql<string | null>`(select publications.data from publications
  where publications.deliverable = deliverables.id and ${stands} order by publications.seq desc limit 1)`;

function listed() {
  const columns = ['id', 'job', 'session', 'ability', 'type', 'title', 'created', 'files', 'bytes'] as const;
  return sqlite
    .selectFrom('deliverables')
    .select(columns.map((column) => `deliverables.${column}` as const))
    .select(published.as('published'));
}

function rowOf(row: Omit<DeliverableRow, 'published'> & { published: string | null }): DeliverableRow {
  const { published: at, id, job, session, ability, type, title, created, files, bytes } = row;
  const standing = at === null ? null : (JSON.parse(at) as Publication);
  return { id, job, session, ability, type, title, created, files, bytes, published: standing };
}

/** What is alike has its number by its place among all that are. */
function versions({ id, back = false, limit }: Parameters<Store['versions']>[0]) {
  return sqlite
    .with('one', (query) =>
      query
        .selectFrom('deliverables')
        .leftJoin('sessions', 'sessions.id', 'deliverables.session')
        .select([
          'deliverables.seq',
          'session',
          'deliverables.ability',
          'type',
          'deliverables.title',
          'workspace',
        ])
        .where('deliverables.id', '=', id),
    )
    .with('alike', (query) =>
      query
        .selectFrom('deliverables')
        .innerJoin('one', (on) =>
          on
            .onRef('deliverables.ability', '=', 'one.ability')
            .onRef('deliverables.type', '=', 'one.type')
            .onRef('deliverables.title', '=', 'one.title'),
        )
        .leftJoin('sessions', 'sessions.id', 'deliverables.session')
        .select(['deliverables.id', 'deliverables.seq', 'one.seq as from'])
        .select(sql<number>`row_number() over (order by deliverables.seq)`.as('number'))
        .where((is) =>
          is.or([
            is('deliverables.session', '=', is.ref('one.session')),
            is('sessions.workspace', '=', is.ref('one.workspace')),
          ]),
        ),
    )
    .selectFrom('alike')
    .select(['id', 'number'])
    .$if(back, (query) => query.whereRef('seq', '<=', 'from'))
    .orderBy('seq', 'desc')
    .limit(limit);
}

function publications({ execution, before, limit, ...wanted }: Parameters<Store['publications']>[0]) {
  const earlier = sqlite
    .selectFrom('publications')
    .select('seq')
    .where('id', '=', before ?? '');
  return (['ability', 'target', 'session', 'deliverable'] as const)
    .reduce(
      (query, column) =>
        query.$if(wanted[column] !== undefined, (narrowed) =>
          narrowed.where(`publications.${column}`, '=', wanted[column] ?? ''),
        ),
      sqlite
        .selectFrom('publications')
        .innerJoin('deliverables', 'deliverables.id', 'publications.deliverable')
        .leftJoin('executions', 'executions.id', 'publications.id')
        .select(['publications.data', 'publications.undone', 'publications.deliverable'])
        .select(['deliverables.title', 'deliverables.type', 'deliverables.files', 'deliverables.bytes'])
        .select(['deliverables.session', 'deliverables.ability'])
        .select(sql<string>`coalesce(executions.job, deliverables.job)`.as('job'))
        .select(stands.as('stands')),
    )
    .$if(execution !== undefined, (query) => query.where('publications.id', '=', execution ?? ''))
    .$if(before !== undefined, (query) => query.where('publications.seq', '<', earlier))
    .orderBy('publications.seq', 'desc')
    .limit(limit);
}

function recordOf({
  data,
  stands: isThere,
  ...row
}: Omit<PublicationRecord, 'publication' | 'stands'> & { data: string; stands: number }): PublicationRecord {
  return { publication: JSON.parse(data) as Publication, ...row, stands: isThere === 1 };
}
