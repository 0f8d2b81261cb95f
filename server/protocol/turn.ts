import type { Approval, Preview } from './approval.ts';
import type { AttachedFile } from './attachment.ts';
import type { Deliverable, Publication } from './deliverable.ts';
import type { EntryData } from './entryData.ts';
import type { Failure } from './failure.ts';
import type { Image, ModelChoice, Part, StopReason, Usage } from './provider.ts';

/** Where a tool call stands. */
export type CallState =
  | 'proposed'
  | 'waiting'
  | 'running'
  | 'ok'
  | 'error'
  | 'interrupted'
  | 'refused'
  | 'undone';

/** One publication of a deliverable, as a conversation tells it. */
export interface Published {
  readonly publication: Publication;
  /** The job that published it, which may be another than the one that made it. */
  readonly job: string;
  /** Its place in the order of publications: the number of its entry. */
  readonly seq: number;
  /** `replaced`: a later one took its place in the world. */
  readonly state: 'stands' | 'replaced' | 'undone';
}

/** One tool call with everything that the journal knows of it. */
export interface Call {
  readonly call: string;
  readonly tool: string;
  readonly input: unknown;
  readonly state: CallState;
  readonly title: string | null;
  readonly execution: string | null;
  readonly started: EntryData<'execution.started'> | null;
  readonly approval: Approval | null;
  readonly preview: Preview | null;
  readonly forJob: boolean;
  readonly denial: string | null;
  /** What the person said to a question of the agent. */
  readonly answer: string | null;
  /** What the model is told; `null` while there is no result. */
  readonly output: string | null;
  readonly undoable: boolean;
  readonly undoFailure: Failure | null;
  /** What its execution left last to be found again by; absent where it left nothing. */
  readonly note?: unknown;
  /** US dollars that it paid; `null` where no price is known, absent where it paid nothing. */
  readonly usd?: number | null;
  /** ms since 1970: asked for, begun, ended. */
  readonly time: number;
  readonly begun: number | null;
  readonly ended: number | null;
}

/** The tool that hands a part of a job to a specialist. */
export const delegateName = 'delegate';

/** The session in which a specialist does what a call handed over; `null` for any other call. */
export function specialistSession({ tool, execution }: Pick<Call, 'tool' | 'execution'>): string | null {
  return tool === delegateName ? execution : null;
}

/** What was asked of a model besides the answers of a job, and what that came to. */
export interface Paid extends ModelChoice {
  readonly usage: Usage;
  /** US dollars; `null` where no price is known. */
  readonly usd: number | null;
}

/** What every turn has: its entry's number as key, its job, and when it was, in ms since 1970. */
interface TurnFrame {
  readonly key: string;
  readonly job: string;
  readonly time: number;
}

/** One message of the assistant with its tool calls, or of the person, or what else a reader must know. */
export type Turn = TurnFrame & TurnBody;

/** What a turn says, by its kind. */
export type TurnBody =
  | {
      readonly kind: 'person';
      readonly text: string;
      readonly ability: string;
      /** Another provider than the Ability's, where the job names one. */
      readonly provider: string | null;
      readonly images: readonly Image[];
      /** What was attached; absent where nothing was. */
      readonly files?: readonly AttachedFile[];
      /** Said to the job at work, not to begin it. */
      readonly steered: boolean;
    }
  | {
      readonly kind: 'assistant';
      readonly parts: readonly Part[];
      readonly calls: readonly Call[];
      readonly provider: string;
      readonly model: string;
      readonly stop: StopReason;
      readonly usage: Usage | null;
      /** US dollars; `null` where no price is known. */
      readonly usd: number | null;
    }
  | {
      readonly kind: 'attempt';
      readonly failure: Failure;
      readonly provider: string;
      /** The model that is told no more what it thought before; absent where it may take that back. */
      readonly thoughtless?: string;
      /** What streamed of its answer; absent where nothing did. */
      readonly paid?: Paid;
    }
  | {
      readonly kind: 'failure';
      readonly failure: Failure;
    }
  | {
      /** The job went on with another provider. */
      readonly kind: 'switched';
      readonly from: ModelChoice;
      readonly to: ModelChoice;
      readonly failure: Failure;
    }
  | {
      /** The job waits for the network, or waited. */
      readonly kind: 'network';
      readonly who: string;
      readonly failure: Failure;
      readonly returned: boolean;
    }
  | { readonly kind: 'routed'; readonly agent: string; readonly paid?: Paid }
  | {
      /** What was said before is told as a summary, to models that take no longer request than `room`. */
      readonly kind: 'compacted';
      readonly upTo: number;
      readonly room: number;
      readonly summary: string;
      readonly paid?: Paid;
    }
  | {
      /** The job itself asks, as for more budget. */
      readonly kind: 'question';
      readonly approval: Approval;
      readonly preview: Preview | null;
      /** Why the person denied it, where they said so. */
      readonly denial: string | null;
    }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'recovered' }
  | {
      readonly kind: 'deliverable';
      /** `published` is the newest publication that stands, as far as this conversation tells. */
      readonly deliverable: Deliverable;
      /** Where it was published, in order. */
      readonly publications: readonly Published[];
    };
