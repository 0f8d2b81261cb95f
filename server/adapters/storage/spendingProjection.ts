import { costOf } from '../../protocol/cost.ts';
import type { EntryData } from '../../protocol/entryData.ts';
import type { Apply } from './apply.ts';
import type { Queries } from './prepare.ts';
import { sqlite } from './tables.ts';

/** In ms. */
export const quarterOfAnHour = 900_000;

type Projected = 'message.added' | 'context.compacted' | 'job.routed';

/** What an answer, a summary or the choice of a specialist costs, and up to which word of the person an answer was heard. */
export function spendingProjection(queries: Queries): { [T in Projected]: Apply<T> } {
  const statements = statementsOf(queries);
  const spend = (job: string, time: number, data: EntryData<Projected>, rounds: number) => {
    const { tokens, usd, unpriced } = costOf(data);
    const quarter = Math.floor(time / quarterOfAnHour);
    statements.spend.run({ job, quarter, tokens, usd, unpriced: unpriced ? 1 : 0, rounds });
  };
  return {
    'message.added': ({ job, time, data }) => {
      if (!job) return null;
      spend(job, time, data, 1);
      if (data.heard) statements.hear.run({ job, heard: data.heard });
      return null;
    },
    'context.compacted': ({ job, time, data }) => {
      if (job) spend(job, time, data, 0);
      return null;
    },
    'job.routed': ({ job, time, data }) => {
      if (job) spend(job, time, data, 0);
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
