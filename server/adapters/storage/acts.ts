import { type RawBuilder, sql } from 'kysely';
import type { ActRange, ActRow, Execution, Store } from '../../core/ports/store.ts';
import type { Approval } from '../../protocol/approval.ts';
import type { EffectKind } from '../../protocol/effect.ts';
import { type EntryRow, entryOf } from './entryRow.ts';
import { frequentTypes, isRare } from './migrations.ts';
import type { Queries } from './prepare.ts';
import { sqlite } from './tables.ts';

/** Reads the entries that are acts, newest first, each with what came of it. */
export function actsOn(queries: Queries): Store['acts'] {
  return async (range) => {
    const { before } = range;
    const rows = range.types.length === 0 ? [] : queries.all(selection(range));
    const [edge] = queries.all(
      sqlite.selectFrom('journal').select('time').where('seq', '<', before).orderBy('seq', 'desc').limit(1),
    );
    return { rows: rows.map(rowOf), newest: edge?.time ?? null };
  };
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

function selection({ before, floor, limit, job, types, effects, tools, actor }: ActRange) {
  const isFrequent = types.some((type) => frequentTypes.some((one) => one === type));
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
    .where('journal.type', 'in', [...types])
    .where('journal.seq', '<', before)
    .where('journal.seq', '>=', floor)
    .$if(!isFrequent, (query) => query.where(isRare))
    .$if(job !== undefined, (query) => query.where('journal.job', '=', job ?? ''))
    .$if(actor !== undefined, (query) => query.where(by(actor ?? '')))
    .$if(effects !== undefined, (query) => query.where(executionOf(effects?.map(withEffect) ?? [])))
    .$if(tools !== undefined, (query) => query.where(executionOf(tools?.map(byTool) ?? [])))
    .orderBy('journal.seq', 'desc')
    .limit(limit)
    .$castTo<EntryRow & Beside>();
}

/** Whose entries; an actor is told as `person:page`. */
function by(actor: string) {
  return sql<boolean>`(journal.actor = ${actor} or substr(journal.actor, 1, ${actor.length + 1}) = ${`${actor}:`})`;
}

/** An execution of which one of these holds, or an entry of any other type. */
function executionOf(conditions: readonly RawBuilder<boolean>[]) {
  return sql<boolean>`(journal.type <> 'execution.started' or ${sql.join(conditions, sql` or `)})`;
}

/** Data is canonical JSON, so the kind of an effect stands in it as these signs; in a text they are escaped. */
function withEffect(kind: EffectKind) {
  return sql<boolean>`instr(journal.data, ${`"kind":"${kind}"`}) > 0`;
}

function byTool(tool: string) {
  return sql<boolean>`journal.data ->> '$.tool' = ${tool}`;
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
