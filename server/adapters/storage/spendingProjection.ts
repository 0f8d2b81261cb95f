import { type Cost, costOf, paidFor } from '../../protocol/cost.ts';
import type { Entry } from '../../protocol/journal.ts';
import type { Apply } from './apply.ts';
import type { Queries } from './prepare.ts';
import { sqlite } from './tables.ts';

/** In ms. */
export const quarterOfAnHour = 900_000;

/** What is asked of a model besides the answers of a job. */
type Besides = 'attempt.failed' | 'context.compacted' | 'job.routed';
type Projected = Besides | 'message.added' | 'execution.noted';

/**
 * What an answer, a try in vain, a summary, the choice of a specialist or an execution costs, and up to which word of
 * the person an answer was heard.
 */
export function spendingProjection(queries: Queries): { [T in Projected]: Apply<T> } {
  const statements = statementsOf(queries);
  const spend = (job: string, time: number, { tokens, usd, unpriced }: Cost, rounds: number) => {
    const quarter = Math.floor(time / quarterOfAnHour);
    statements.spend.run({ job, quarter, tokens, usd, unpriced: unpriced ? 1 : 0, rounds });
  };
  const besides = ({ job, time, data }: Extract<Entry, { type: Besides }>) => {
    if (job) spend(job, time, costOf(data), 0);
    return null;
  };
  return {
    'message.added': ({ job, time, data }) => {
      if (!job) return null;
      spend(job, time, costOf(data), 1);
      if (data.heard) statements.hear.run({ job, heard: data.heard });
      return null;
    },
    'attempt.failed': besides,
    'context.compacted': besides,
    'job.routed': besides,
    'execution.noted': ({ job, time, data }) => {
      if (job && data.usd !== undefined) spend(job, time, paidFor(data), 0);
      return null;
    },
  };
}

function statementsOf(queries: Queries) {
  return {
    spend: queries.prepare({ job: '', quarter: 0, tokens: 0, usd: 0, unpriced: 0, rounds: 0 }, (args) =>
      sqlite
        .insertInto('spending')
        .values(args)
        .onConflict((row) =>
          row.columns(['job', 'quarter']).doUpdateSet(({ ref, fn, eb }) => ({
            tokens: eb(ref('spending.tokens'), '+', ref('excluded.tokens')),
            usd: eb(ref('spending.usd'), '+', ref('excluded.usd')),
            unpriced: fn('max', ['spending.unpriced', 'excluded.unpriced']),
            rounds: eb(ref('spending.rounds'), '+', ref('excluded.rounds')),
          })),
        ),
    ),
    hear: queries.prepare({ job: '', heard: 0 }, ({ job, heard }) =>
      sqlite.updateTable('jobs').set({ heard }).where('id', '=', job),
    ),
  };
}
