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
      const { id, job, session, ability, type, title, created, files, metadata, findings } = deliverable;
      const bytes = files.reduce((sum, { size }) => sum + size, 0);
      const data = JSON.stringify({ files, metadata, findings });
      const row = { seq, id, job, session, ability, type, title, created, files: files.length, bytes, data };
      statements.save.run(row);
      return null;
    },
    'deliverable.published': ({ seq, data: { deliverable, publication } }) => {
      const data = JSON.stringify(publication);
      const { execution: id, target } = publication;
      return statements.record.run({ seq, id, deliverable, target, data }) === 0 ? noDeliverable : null;
    },
    'deliverable.unpublished': ({ time, data: { execution } }) => {
      statements.undone.run({ id: execution, undone: time });
      return null;
    },
  };
}

const noAbility = failures.conflict('This Ability was deleted already.', 'Refresh the list of Abilities.');
const noDeliverable = failures.conflict('There is no such deliverable.', 'Refresh the list of deliverables.');

function statementsOf(queries: Queries) {
  const made = { seq: 0, id: '', job: '', session: '', ability: '', type: '', title: '' };
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
    save: queries.prepare({ ...made, created: 0, files: 0, bytes: 0, data: '' }, (args) =>
      sqlite.insertInto('deliverables').values(args),
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
        .onConflict((row) => row.column('id').doUpdateSet({ seq: args.seq, data: args.data, undone: null })),
    ),
    undone: queries.prepare({ id: '', undone: 0 }, ({ id, undone }) =>
      sqlite.updateTable('publications').set({ undone }).where('id', '=', id),
    ),
  };
}
