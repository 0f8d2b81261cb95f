import { failures } from '../../protocol/failure.ts';
import type { Apply } from './apply.ts';
import type { Queries } from './prepare.ts';
import { sqlite } from './tables.ts';

type Projected =
  | 'approval.requested'
  | 'approval.decided'
  | 'execution.started'
  | 'execution.finished'
  | 'execution.undone'
  | 'execution.redone'
  | 'undo.pruned';

/** What entries do to approvals and executions. */
export function callProjection(queries: Queries): { [T in Projected]: Apply<T> } {
  const statements = statementsOf(queries);
  return {
    'approval.requested': ({ seq, data: { approval } }) => {
      const { id, job, digest, expires } = approval;
      statements.ask.run({ seq, id, job, digest, expires, data: JSON.stringify(approval) });
      return null;
    },
    'approval.decided': ({ time, data: { approval: id, decision } }) => {
      const alive = decision === 'expired' ? 0 : time;
      return statements.decide.run({ id, decision, alive }) === 1 ? null : decided;
    },
    'execution.started': ({ seq, job, stream, data }) => {
      const { execution: id, call, tool, title, approval, digest } = data;
      if (!job) return failures.conflict('The entry names no job.', 'Name the job that it belongs to.');
      if (approval && statements.use.run({ id: approval, job, digest, execution: id }) === 0) return used;
      statements.start.run({ seq, id, job, session: stream, call, tool, title });
      return null;
    },
    'execution.finished': ({ seq, data: { execution: id, end: state, undoable } }) =>
      statements.finish.run({ seq, id, state, undoable: undoable ? 1 : 0 }) === 1 ? null : notStarted,
    'execution.undone': ({ data: { execution: id } }) =>
      statements.undo.run({ id }) === 1 ? null : notUndoable,
    'execution.redone': ({ seq, data: { execution: id } }) =>
      statements.redo.run({ seq, id }) === 1 ? null : notUndone,
    'undo.pruned': ({ data: { executions } }) => {
      for (const id of executions) statements.prune.run({ id });
      return null;
    },
  };
}

/** Stands in the place of whether it can be taken back, where what that wants was deleted to make room. */
export const pruned = -1;

const decided = failures.conflict(
  'This question was decided already, or its time is over.',
  'Look at the job: it has gone on.',
);
const used = failures.conflict(
  'This approval is for something else, or was used already.',
  'Ask anew for what shall happen.',
);
const notStarted = failures.conflict('This execution does not run.', 'Look at the job: it has gone on.');
const notUndoable = failures.conflict(
  'This cannot be taken back, or was taken back already.',
  'Look at the job: it shows what can be undone.',
);
const notUndone = failures.conflict(
  'This was not taken back, or was done again already.',
  'Look at the job: it shows what can be done again.',
);

function statementsOf(queries: Queries) {
  return {
    ask: queries.prepare({ seq: 0, id: '', job: '', digest: '', expires: 0, data: '' }, (args) =>
      sqlite.insertInto('approvals').values({ ...args, decision: null, execution: null }),
    ),
    decide: queries.prepare({ id: '', decision: '', alive: 0 }, ({ id, decision, alive }) =>
      sqlite
        .updateTable('approvals')
        .set({ decision })
        .where('id', '=', id)
        .where('decision', 'is', null)
        .where('expires', '>', alive),
    ),
    use: queries.prepare({ id: '', job: '', digest: '', execution: '' }, ({ id, job, digest, execution }) =>
      sqlite
        .updateTable('approvals')
        .set({ execution })
        .where('id', '=', id)
        .where('job', '=', job)
        .where('digest', '=', digest)
        .where('decision', '=', 'approved')
        .where('execution', 'is', null),
    ),
    start: queries.prepare({ seq: 0, id: '', job: '', session: '', call: '', tool: '', title: '' }, (args) =>
      sqlite.insertInto('executions').values({ ...args, state: 'started', undoable: 0, finished: null }),
    ),
    finish: queries.prepare({ seq: 0, id: '', state: '', undoable: 0 }, ({ seq, id, state, undoable }) =>
      sqlite
        .updateTable('executions')
        .set({ state, undoable, finished: seq })
        .where('id', '=', id)
        .where('state', '=', 'started'),
    ),
    undo: queries.prepare({ id: '' }, ({ id }) =>
      sqlite
        .updateTable('executions')
        .set({ state: 'undone', undoable: 0 })
        .where('id', '=', id)
        .where('undoable', '=', 1),
    ),
    redo: queries.prepare({ seq: 0, id: '' }, ({ seq, id }) =>
      sqlite
        .updateTable('executions')
        .set({ state: 'ok', undoable: 1, finished: seq })
        .where('id', '=', id)
        .where('state', '=', 'undone')
        .where('undoable', '=', 0),
    ),
    prune: queries.prepare({ id: '' }, ({ id }) =>
      sqlite.updateTable('executions').set({ undoable: pruned }).where('id', '=', id),
    ),
  };
}
