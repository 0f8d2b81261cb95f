import { activeStates, statesBefore } from '../../core/jobStates.ts';
import { atWork } from '../../core/replace.ts';
import { type Failure, failures } from '../../protocol/failure.ts';
import type { JobState } from '../../protocol/job.ts';
import type { Entry } from '../../protocol/journal.ts';
import { jobStateAfter } from '../../protocol/transcript.ts';
import type { Apply } from './apply.ts';
import type { Queries } from './prepare.ts';
import { sqlite } from './tables.ts';

type Projected =
  | 'job.created'
  | 'job.approved'
  | 'job.claimed'
  | 'job.recovered'
  | 'job.completed'
  | 'job.failed'
  | 'job.abortRequested'
  | 'job.aborted'
  | 'job.steered'
  | 'job.routed'
  | 'network.awaited'
  | 'network.returned'
  | 'admin.paused'
  | 'admin.resumed';

/** What entries do to jobs: the transitions of SPEC B1 and no other. */
export function jobProjection(queries: Queries): { [T in Projected]: Apply<T> } {
  const statements = statementsOf(queries);
  const move = (entry: Entry, worker: string | null, failure: Failure | null): Failure | null => {
    const to = jobStateAfter(entry);
    const id = entry.job;
    if (!to || !id) return nameless;
    const change = { id, worker, failure: failure && JSON.stringify(failure), updated: entry.time };
    return statements.moves[to].run(change) === 1 ? null : noTransition(to);
  };
  return {
    'job.created': ({ seq, time, job, stream, data, ...rest }) => {
      const state = jobStateAfter({ seq, time, job, stream, data, ...rest });
      if (!job || !state) return nameless;
      const { ability, kind, workspace, parent, agent = null, replaces } = data;
      if (replaces && statements.going.get({ session: stream, replaces })) return atWork;
      const begun = statements.begin.run({ seq, time, id: stream });
      if (begun === 0) return noSession;
      const delegation = { parent: parent?.job ?? null, agent };
      statements.create.run({
        seq,
        id: job,
        session: stream,
        ability,
        kind,
        workspace,
        state,
        time,
        ...delegation,
      });
      return null;
    },
    'job.approved': (entry) => move(entry, null, null),
    'job.claimed': (entry) => move(entry, entry.data.worker, null),
    'job.recovered': ({ job, time, data }) => {
      const taken = statements.recover.run({ id: job, worker: data.worker, updated: time });
      return taken === 1 ? null : noTransition('running');
    },
    'job.completed': (entry) =>
      statements.unheard.get({ id: entry.job }) ? unheard : move(entry, null, null),
    'job.failed': (entry) => move(entry, null, entry.data.failure),
    'job.abortRequested': ({ job, time }) =>
      statements.moves.aborting.run({ id: job, updated: time }) === 1 ? null : noTransition('aborting'),
    'job.aborted': (entry) => move(entry, null, null),
    'job.steered': ({ seq, job }) => (statements.steer.run({ id: job, seq }) === 1 ? null : notAtWork),
    'job.routed': ({ job, data }) => {
      statements.route.run({ id: job, agent: data.agent });
      return null;
    },
    'network.awaited': ({ job }) => {
      statements.wait.run({ id: job, offline: 1 });
      return null;
    },
    'network.returned': ({ job }) => {
      statements.wait.run({ id: job, offline: 0 });
      return null;
    },
    'admin.paused': () => {
      statements.pause.run({ paused: 1 });
      return null;
    },
    'admin.resumed': () => {
      statements.pause.run({ paused: 0 });
      return null;
    },
  };
}

const nameless = failures.conflict('The entry names no job.', 'Name the job that it belongs to.');
const noSession = failures.conflict('This session was deleted.', 'Open another session.');
const notAtWork = failures.conflict(
  'This job is not at work, so it hears nothing.',
  'Hand over a new job that says it.',
);
const unheard = failures.conflict(
  'Something was said to this job that it has not heard yet.',
  'Let it hear that first.',
);

function noTransition(to: JobState): Failure {
  return failures.conflict(
    `This job is not in a state that leads to "${to.replace('_', ' ')}".`,
    'Refresh the list of jobs: its state has changed.',
  );
}

function statementsOf(queries: Queries) {
  const nobody = null as string | null;
  const change = { id: nobody, worker: nobody, failure: nobody, updated: 0 };
  const move = (to: JobState) =>
    queries.prepare(change, ({ id, worker, failure, updated }) =>
      sqlite
        .updateTable('jobs')
        .set({ state: to, worker, failure, updated })
        .where('id', '=', id ?? '')
        .where('state', 'in', statesBefore(to)),
    );
  return {
    begin: queries.prepare({ seq: 0, time: 0, id: '' }, ({ seq, time, id }) =>
      sqlite
        .updateTable('sessions')
        .set((cell) => ({ newest: seq, updated: time, titled: cell.fn.coalesce('titled', cell.val(seq)) }))
        .where('id', '=', id),
    ),
    going: queries.prepare({ session: '', replaces: '' }, ({ session, replaces }) =>
      sqlite
        .selectFrom('jobs')
        .select('id')
        .where('session', '=', session)
        .where('state', 'in', activeStates)
        .where('seq', '>=', (cell) => cell.selectFrom('jobs').select('seq').where('id', '=', replaces))
        .limit(1),
    ),
    create: queries.prepare(
      {
        seq: 0,
        time: 0,
        id: '',
        session: '',
        ability: '',
        kind: '',
        workspace: '',
        state: '',
        parent: nobody,
        agent: nobody,
      },
      ({ time, ...job }) =>
        sqlite.insertInto('jobs').values({
          ...job,
          worker: null,
          failure: null,
          created: time,
          updated: time,
          offline: 0,
          steered: 0,
          heard: 0,
        }),
    ),
    moves: {
      needs_approval: move('needs_approval'),
      queued: move('queued'),
      running: move('running'),
      completed: move('completed'),
      failed: move('failed'),
      aborted: move('aborted'),
      aborting: queries.prepare({ id: nobody, updated: 0 }, ({ id, updated }) =>
        sqlite
          .updateTable('jobs')
          .set({ state: 'aborting', updated })
          .where('id', '=', id ?? '')
          .where('state', 'in', statesBefore('aborting')),
      ),
    },
    recover: queries.prepare({ id: nobody, worker: '', updated: 0 }, ({ id, worker, updated }) =>
      sqlite
        .updateTable('jobs')
        .set({ worker, updated })
        .where('id', '=', id ?? '')
        .where('state', 'in', ['running', 'aborting']),
    ),
    steer: queries.prepare({ id: nobody, seq: 0 }, ({ id, seq }) =>
      sqlite
        .updateTable('jobs')
        .set({ steered: seq })
        .where('id', '=', id ?? '')
        .where('state', '=', 'running'),
    ),
    unheard: queries.prepare({ id: nobody }, ({ id }) =>
      sqlite
        .selectFrom('jobs')
        .select('id')
        .where('id', '=', id ?? '')
        .whereRef('steered', '>', 'heard'),
    ),
    route: queries.prepare({ id: nobody, agent: '' }, ({ id, agent }) =>
      sqlite
        .updateTable('jobs')
        .set({ agent })
        .where('id', '=', id ?? ''),
    ),
    wait: queries.prepare({ id: nobody, offline: 0 }, ({ id, offline }) =>
      sqlite
        .updateTable('jobs')
        .set({ offline })
        .where('id', '=', id ?? ''),
    ),
    pause: queries.prepare({ paused: 0 }, ({ paused }) =>
      sqlite
        .insertInto('admin')
        .values({ id: 1, paused })
        .onConflict((row) => row.column('id').doUpdateSet({ paused })),
    ),
  };
}
