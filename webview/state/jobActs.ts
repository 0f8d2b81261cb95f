import { type Approval, decideApproval } from '../../server/protocol/approval.ts';
import type { AttachedFile } from '../../server/protocol/attachment.ts';
import { publishDeliverable } from '../../server/protocol/deliverable.ts';
import type { Outcome } from '../../server/protocol/failure.ts';
import {
  abortJob,
  approveJob,
  createJob,
  redoJob,
  setJobMode,
  steerJob,
  type UndoReport,
  undoJob,
} from '../../server/protocol/job.ts';
import type { ParamsOf } from '../../server/protocol/message.ts';
import type { Mode } from '../../server/protocol/policy.ts';
import { endProcess } from '../../server/protocol/process.ts';
import type { Image } from '../../server/protocol/provider.ts';
import type { TextKey } from '../strings.ts';
import type { PageState } from './page.ts';
import type { Send } from './wire.ts';

export type Decision = ParamsOf<typeof decideApproval>['decision'];

/** What a person says with a decision: why not, or the answer to the agent's question. */
export type Said = Pick<ParamsOf<typeof decideApproval>, 'reason' | 'answer'>;

/** What a person hands over. */
export interface Words {
  readonly text: string;
  readonly images?: readonly Image[];
  readonly files?: readonly AttachedFile[];
  readonly kind?: 'run' | 'task';
  /** The job in whose place these words stand. */
  readonly replaces?: string;
  /** How much the person wants to be asked in this job. */
  readonly mode?: Mode;
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
  decide(approval: Pick<Approval, 'id' | 'digest'>, decision: Decision, said?: Said): Promise<boolean>;
  /** Takes back what a job did, or one execution; answers no where that is on its way already. */
  undo(job: string, execution?: string): Promise<boolean>;
  /** Does again what was taken back. */
  redo(job: string, execution?: string): Promise<boolean>;
  setMode(job: string, mode: Mode): Promise<boolean>;
  /** Ends a command with all that it started. */
  endProcess(id: string): Promise<boolean>;
  publish(deliverable: string): Promise<boolean>;
}

type Shown = <T>(outcome: Outcome<T>) => outcome is Extract<Outcome<T>, { ok: true }>;

/** Binds what a person can do with jobs; `shown` shows a failure. */
export function bindJobActs(state: PageState, send: Send, shown: Shown): JobActs {
  const handOver: JobActs['handOver'] = async (session, words) => {
    const { text, images = [], files = [], kind = 'task', ...rest } = words;
    const withImages = images.length > 0 ? { images: [...images] } : {};
    const withFiles = files.length > 0 ? { files: [...files] } : {};
    return shown(await send(createJob, { session, text, kind, ...withImages, ...withFiles, ...rest }));
  };
  const going = new Set<string>();
  const back = (message: typeof undoJob | typeof redoJob, words: UndoWords) => {
    return async (job: string, execution?: string) => {
      const key = `${message.method} ${job} ${execution}`;
      if (going.has(key)) return false;
      going.add(key);
      const done = await send(message, { id: job, ...(execution ? { execution } : {}) });
      going.delete(key);
      if (!shown(done)) return false;
      report(state, done.value, words);
      return done.value.conflicts.length === 0;
    };
  };
  const undo = back(undoJob, undoWords);
  return {
    handOver,
    undo,
    redo: back(redoJob, redoWords),
    async replace(session, words, jobs) {
      for (const job of jobs) if (!(await undo(job))) return false;
      return handOver(session, words);
    },
    steer: async (id, text) => shown(await send(steerJob, { id, text })),
    startJob: async (id) => shown(await send(approveJob, { id })),
    abortJob: async (id) => shown(await send(abortJob, { id })),
    decide: async ({ id, digest }, decision, said = {}) =>
      shown(await send(decideApproval, { id, digest, decision, ...said })),
    setMode: async (id, mode) => shown(await send(setJobMode, { id, mode })),
    endProcess: async (id) => shown(await send(endProcess, { id })),
    publish: async (id) => shown(await send(publishDeliverable, { id })),
  };
}

interface UndoWords {
  readonly one: TextKey;
  readonly many: TextKey;
  readonly nothing: TextKey;
}

const undoWords: UndoWords = { one: 'undo.done.one', many: 'undo.done.many', nothing: 'undo.nothing' };
const redoWords: UndoWords = { one: 'redo.done.one', many: 'redo.done.many', nothing: 'redo.nothing' };

/** Says what came of it; what changed since is shown with both sides. */
function report(state: PageState, { undone, conflicts }: UndoReport, words: UndoWords): void {
  const t = state.text.value;
  const [first] = undone;
  if (conflicts.length > 0) state.notice.value = { kind: 'conflicts', done: undone.length, conflicts };
  else if (!first) state.notice.value = { kind: 'said', text: t(words.nothing) };
  else if (undone.length === 1)
    state.notice.value = { kind: 'said', text: t(words.one, { title: first.title }) };
  else state.notice.value = { kind: 'said', text: t(words.many, { n: undone.length }) };
}
