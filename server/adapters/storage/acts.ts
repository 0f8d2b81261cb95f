import { sql } from 'kysely';
import { actTypes } from '../../core/activity/acts.ts';
import type { ActRow, Execution, Store } from '../../core/ports/store.ts';
import type { Approval } from '../../protocol/approval.ts';
import { type EntryRow, entryOf } from './entryRow.ts';
import type { Queries } from './prepare.ts';
import { sqlite } from './tables.ts';

/** Reads the entries that are acts, newest first, each with what came of it. */
export function actsOn(queries: Queries): Store['acts'] {
  return async ({ before, floor, limit, job }) => {
    const rows = queries.all(selection({ before, floor, limit, job }));
    const [edge] = queries.all(
      sqlite.selectFrom('journal').select('time').where('seq', '<', before).orderBy('seq', 'desc').limit(1),
    );
    return { rows: rows.map(rowOf), newest: edge?.time ?? null };
  };
}

interface Range {
  readonly before: number;
  readonly floor: number;
  readonly limit: number;
  readonly job: string | undefined;
}

/** What else a row tells beside its entry. */
interface Beside {
  readonly ability: string | null;
  readonly state: string | null;
  readonly approval: string | null;
  readonly decision: string | null;
  readonly text: string | null;
}

/** Text of a content that a list shows the beginning of; a longer one is not read whole for it. */
const beginning = (column: string, field: string) =>
  sql<string | null>`substr(${sql.ref(column)} ->> ${sql.lit(field)}, 1, 400)`;

function selection({ before, floor, limit, job }: Range) {
  return sqlite
    .selectFrom('journal')
    .leftJoin('jobs', 'jobs.id', 'journal.job')
    .leftJoin('executions', 'executions.seq', 'journal.seq')
    .leftJoin('contents as ended', 'ended.seq', 'executions.finished')
    .leftJoin('contents as own', (join) =>
      join.onRef('own.seq', '=', 'journal.seq').on('journal.type', '=', 'job.created'),
    )
    .leftJoin('approvals', (join) =>
      join
        .on('journal.type', 'in', ['approval.requested', 'approval.decided'])
        .on(
          'approvals.id',
          '=',
          sql<string>`coalesce(journal.data ->> '$.approval.id', journal.data ->> '$.approval')`,
        ),
    )
    .selectAll('journal')
    .select(['jobs.ability', 'executions.state', 'approvals.data as approval', 'approvals.decision'])
    .select(
      sql<
        string | null
      >`case when executions.state in ('error', 'interrupted') then ${beginning('ended.body', '$.output')}
        else ${beginning('own.body', '$.text')} end`.as('text'),
    )
    .where('journal.type', 'in', [...actTypes])
    .where('journal.seq', '<', before)
    .where('journal.seq', '>=', floor)
    .$if(job !== undefined, (query) => query.where('journal.job', '=', job ?? ''))
    .orderBy('journal.seq', 'desc')
    .limit(limit)
    .$castTo<EntryRow & Beside>();
}

function rowOf({ ability, state, approval, decision, text, ...row }: EntryRow & Beside): ActRow {
  return {
    entry: entryOf(row, null),
    ability,
    execution: state === null ? null : { state: state as Execution['state'] },
    approval:
      approval === null
        ? null
        : { ...(JSON.parse(approval) as Approval), decision: decision as Approval['decision'] },
    text,
  };
}
