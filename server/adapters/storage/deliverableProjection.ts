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
  const publish = (id: string, published: string | null) =>
    statements.publish.run({ id, published }) === 1 ? null : noDeliverable;
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
    'deliverable.published': ({ data }) => publish(data.deliverable, JSON.stringify(data.publication)),
    'deliverable.unpublished': ({ data }) => publish(data.deliverable, null),
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
    publish: queries.prepare({ id: '', published }, (args) =>
      sqlite.updateTable('deliverables').set({ published: args.published }).where('id', '=', args.id),
    ),
  };
}
