import { type Approval, decideApproval } from '../../server/protocol/approval.ts';
import type { AttachedFile } from '../../server/protocol/attachment.ts';
import { publishDeliverable } from '../../server/protocol/deliverable.ts';
import type { Outcome } from '../../server/protocol/failure.ts';
import { abortJob, approveJob, createJob, setJobMode, steerJob } from '../../server/protocol/job.ts';
import type { ParamsOf } from '../../server/protocol/message.ts';
import type { Mode } from '../../server/protocol/policy.ts';
import { endProcess } from '../../server/protocol/process.ts';
import type { Image } from '../../server/protocol/provider.ts';
import type { Deeds } from './goingBack.ts';
import type { PageState } from './page.ts';
import { bindWayBack } from './wayBack.ts';
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
  /** Takes back what a job did, or one execution, or does it again; answers no where that is on its way already. */
  goBack(deeds: Deeds): Promise<boolean>;
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
  const goBack = bindWayBack(state, send, shown);
  return {
    handOver,
    goBack,
    async replace(session, words, jobs) {
      for (const job of jobs) if (!(await goBack({ way: 'undo', job }))) return false;
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
