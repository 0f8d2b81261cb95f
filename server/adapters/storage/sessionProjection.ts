import { activeStates } from '../../core/jobStates.ts';
import { failures } from '../../protocol/failure.ts';
import type { Apply } from './apply.ts';
import type { Queries } from './prepare.ts';
import { sqlite } from './tables.ts';

type Projected = 'session.created' | 'session.renamed' | 'session.deleted';

/** What entries do to sessions; the jobs of a deleted one leave the lists with it. */
export function sessionProjection(queries: Queries): { [T in Projected]: Apply<T> } {
  const statements = statementsOf(queries);
  return {
    'session.created': ({ seq, time, data }) => {
      const { session: id, ability, workspace, parent = null } = data;
      statements.create.run({ seq, id, ability, workspace, time, parent });
      return null;
    },
    'session.renamed': ({ seq, time, stream }) =>
      statements.rename.run({ seq, time, id: stream }) === 1 ? null : gone,
    'session.deleted': ({ stream }) => {
      if (statements.active.get({ id: stream })) return working;
      if (statements.remove.run({ id: stream }) === 0) return gone;
      statements.removeJobs.run({ id: stream });
      return null;
    },
  };
}

const gone = failures.conflict('This session was deleted.', 'Open another session.');
const working = failures.conflict('A job of this session is not finished.', 'Abort it first.');

function statementsOf(queries: Queries) {
  const id = { id: '' };
  return {
    create: queries.prepare(
      { seq: 0, time: 0, id: '', ability: '', workspace: '', parent: null as string | null },
      ({ time, ...args }) =>
        sqlite
          .insertInto('sessions')
          .values({ ...args, created: time, updated: time, titled: null, newest: null }),
    ),
    rename: queries.prepare({ seq: 0, time: 0, id: '' }, (args) =>
      sqlite.updateTable('sessions').set({ titled: args.seq, updated: args.time }).where('id', '=', args.id),
    ),
    active: queries.prepare(id, (args) =>
      sqlite
        .selectFrom('jobs')
        .select('id')
        .where('session', '=', args.id)
        .where('state', 'in', activeStates)
        .limit(1),
    ),
    remove: queries.prepare(id, (args) => sqlite.deleteFrom('sessions').where('id', '=', args.id)),
    removeJobs: queries.prepare(id, (args) => sqlite.deleteFrom('jobs').where('session', '=', args.id)),
  };
}
