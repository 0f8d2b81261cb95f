import { decideApproval } from '../../server/protocol/approval.ts';
import { publishDeliverable } from '../../server/protocol/deliverable.ts';
import type { Outcome } from '../../server/protocol/failure.ts';
import {
  abortJob,
  approveJob,
  createJob,
  steerJob,
  type UndoReport,
  undoJob,
} from '../../server/protocol/job.ts';
import type { ParamsOf } from '../../server/protocol/message.ts';
import type { Image } from '../../server/protocol/provider.ts';
import type { PageState } from './page.ts';
import type { Send } from './wire.ts';

type Decision = ParamsOf<typeof decideApproval>['decision'];

/** What a person hands over. */
export interface Words {
  readonly text: string;
  readonly images?: readonly Image[];
  readonly kind?: 'run' | 'task';
  /** The job in whose place these words stand. */
  readonly replaces?: string;
}

/** What a person can do with jobs. */
export interface JobActs {
  handOver(session: string, words: Words): Promise<boolean>;
  /** Says something to a job at work. */
  steer(job: string, text: string): Promise<boolean>;
  /** Hands words over in the place of a job, after the jobs named were undone; a conflict there ends it. */
  replace(session: string, words: Words, undo: readonly string[]): Promise<boolean>;
  startJob(id: string): Promise<boolean>;
  abortJob(id: string): Promise<boolean>;
  decide(id: string, digest: string, decision: Decision, reason?: string): Promise<boolean>;
  undo(job: string, execution?: string): Promise<boolean>;
  publish(deliverable: string): Promise<boolean>;
}

type Shown = <T>(outcome: Outcome<T>) => outcome is Extract<Outcome<T>, { ok: true }>;

/** Binds what a person can do with jobs; `shown` shows a failure. */
export function bindJobActs(state: PageState, send: Send, shown: Shown): JobActs {
  const handOver: JobActs['handOver'] = async (session, { text, images = [], kind = 'task', replaces }) => {
    const withImages = images.length > 0 ? { images: [...images] } : {};
    const words = { session, text, kind, ...withImages, ...(replaces ? { replaces } : {}) };
    return shown(await send(createJob, words));
  };
  const undo: JobActs['undo'] = async (job, execution) => {
    const done = await send(undoJob, { id: job, ...(execution ? { execution } : {}) });
    if (!shown(done)) return false;
    report(state, done.value);
    return done.value.conflicts.length === 0;
  };
  return {
    handOver,
    undo,
    async replace(session, words, jobs) {
      for (const job of jobs) if (!(await undo(job))) return false;
      return handOver(session, words);
    },
    steer: async (id, text) => shown(await send(steerJob, { id, text })),
    startJob: async (id) => shown(await send(approveJob, { id })),
    abortJob: async (id) => shown(await send(abortJob, { id })),
    decide: async (id, digest, decision, reason) =>
      shown(await send(decideApproval, { id, digest, decision, ...(reason ? { reason } : {}) })),
    publish: async (id) => shown(await send(publishDeliverable, { id })),
  };
}

function report(state: PageState, { undone, conflicts }: UndoReport): void {
  const t = state.text.value;
  const [conflict] = conflicts;
  const [first] = undone;
  if (conflict) state.notice.value = { kind: 'failure', failure: conflict.failure };
  else if (!first) state.notice.value = { kind: 'said', text: t('undo.nothing') };
  else if (undone.length === 1)
    state.notice.value = { kind: 'said', text: t('undo.done.one', { title: first.title }) };
  else state.notice.value = { kind: 'said', text: t('undo.done.many', { n: undone.length }) };
}
