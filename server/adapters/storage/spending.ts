import { type ExpressionBuilder, sql } from 'kysely';
import type { Spent } from '../../core/ports/store.ts';
import type { Cost } from '../../protocol/cost.ts';
import type { Queries } from './prepare.ts';
import { quarterOfAnHour } from './spendingProjection.ts';
import { sqlite, type Tables } from './tables.ts';
import { totalOf } from './viewRows.ts';

/** What a job with all its children spent, or all jobs since a time, to a quarter of an hour. */
export function spentOn(queries: Queries, query: { job: string } | { since: number }): Spent {
  const family = 'job' in query ? familyOf(query.job) : null;
  const [row] = queries.all(
    sqlite
      .selectFrom('spending')
      .select(({ fn }) => [
        fn.sum<number | null>('tokens').as('tokens'),
        fn.sum<number | null>('usd').as('usd'),
        fn.max<number | null>('unpriced').as('unpriced'),
        fn.sum<number | null>('rounds').as('rounds'),
      ])
      .$if(family !== null, (all) => all.where(sql<boolean>`job in (${family})`))
      .$if('since' in query, (all) =>
        all.where('quarter', '>=', 'since' in query ? Math.floor(query.since / quarterOfAnHour) : 0),
      ),
  );
  const cost = totalOf(row ?? { tokens: null, usd: null, unpriced: null });
  return { ...cost, rounds: row?.rounds ?? 0 };
}

/** The same without its rounds. */
export function costSince(queries: Queries, since: number): Cost {
  const { tokens, usd, unpriced } = spentOn(queries, { since });
  return { tokens, usd, unpriced };
}

/** What a job of a query spent, its children not counted, as columns beside its own. */
export const ownCost = (cell: ExpressionBuilder<Tables, 'jobs'>) => {
  const own = cell.selectFrom('spending').whereRef('spending.job', '=', 'jobs.id');
  return [
    own.select(({ fn }) => fn.sum<number | null>('tokens').as('tokens')).as('tokens'),
    own.select(({ fn }) => fn.sum<number | null>('usd').as('usd')).as('usd'),
    own.select(({ fn }) => fn.max<number | null>('unpriced').as('unpriced')).as('unpriced'),
  ] as const;
};

/** The ids of a job and of all that came of it. */
function familyOf(job: string) {
  return sql`with recursive family(id) as (
    select ${job} union select jobs.id from jobs join family on jobs.parent = family.id
  ) select id from family`;
}
