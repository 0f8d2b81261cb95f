import { sql } from 'kysely';
import { failures } from '../../protocol/failure.ts';
import type { Apply } from './apply.ts';
import type { Queries } from './prepare.ts';
import { sqlite } from './tables.ts';

type Projected =
  | 'ability.saved'
  | 'ability.deleted'
  | 'deliverable.saved'
  | 'deliverable.published'
  | 'deliverable.unpublished';

/** What entries do to what a person keeps: Abilities and deliverables. */
export function deliverableProjection(queries: Queries): { [T in Projected]: Apply<T> } {
  const statements = statementsOf(queries);
  return {
    'ability.saved': ({ seq, data: { ability } }) => {
      statements.saveAbility.run({ seq, id: ability.id, data: JSON.stringify(ability) });
      return null;
    },
    'ability.deleted': ({ data }) =>
      statements.deleteAbility.run({ id: data.ability }) === 1 ? null : noAbility,
    'deliverable.saved': ({ seq, data: { deliverable } }) => {
      const { id, job, session, ability, published, ...rest } = deliverable;
      statements.save.run({
        seq,
        id,
        job,
        session,
        ability,
        data: JSON.stringify(rest),
        published: published && JSON.stringify(published),
      });
      return null;
    },
    'deliverable.published': ({ seq, data: { deliverable, publication } }) => {
      const data = JSON.stringify(publication);
      const { execution: id, target } = publication;
      if (statements.publish.run({ id: deliverable, published: data }) === 0) return noDeliverable;
      statements.record.run({ seq, id, deliverable, target, data });
      return null;
    },
    'deliverable.unpublished': ({ time, data: { deliverable, execution } }) => {
      statements.undone.run({ id: execution, undone: time });
      statements.unpublish.run({ id: deliverable, execution });
      return null;
    },
  };
}

const noAbility = failures.conflict('This Ability was deleted already.', 'Refresh the list of Abilities.');
const noDeliverable = failures.conflict('There is no such deliverable.', 'Refresh the list of deliverables.');

function statementsOf(queries: Queries) {
  const published = null as string | null;
  return {
    saveAbility: queries.prepare({ seq: 0, id: '', data: '' }, (args) =>
      sqlite
        .insertInto('abilities')
        .values(args)
        .onConflict((row) => row.column('id').doUpdateSet({ data: args.data })),
    ),
    deleteAbility: queries.prepare({ id: '' }, ({ id }) =>
      sqlite.deleteFrom('abilities').where('id', '=', id),
    ),
    save: queries.prepare(
      { seq: 0, id: '', job: '', session: '', ability: '', data: '', published },
      (args) => sqlite.insertInto('deliverables').values(args),
    ),
    record: queries.prepare({ seq: 0, id: '', deliverable: '', target: '', data: '' }, (args) =>
      sqlite
        .insertInto('publications')
        .columns(['seq', 'id', 'deliverable', 'target', 'data', 'session', 'ability'])
        .expression((from) =>
          from
            .selectFrom('deliverables')
            .where('deliverables.id', '=', args.deliverable)
            .select([
              sql.val(args.seq).as('seq'),
              sql.val(args.id).as('id'),
              'deliverables.id as deliverable',
              sql.val(args.target).as('target'),
              sql.val(args.data).as('data'),
              'deliverables.session',
              'deliverables.ability',
            ]),
        )
        .onConflict((row) => row.column('id').doUpdateSet({ data: args.data, undone: null })),
    ),
    undone: queries.prepare({ id: '', undone: 0 }, ({ id, undone }) =>
      sqlite.updateTable('publications').set({ undone }).where('id', '=', id),
    ),
    unpublish: queries.prepare({ id: '', execution: '' }, ({ id, execution }) =>
      sqlite
        .updateTable('deliverables')
        .set({ published: null })
        .where('id', '=', id)
        .where(sql`published ->> '$.execution'`, '=', execution),
    ),
    publish: queries.prepare({ id: '', published }, (args) =>
      sqlite.updateTable('deliverables').set({ published: args.published }).where('id', '=', args.id),
    ),
  };
}
