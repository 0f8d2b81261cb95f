import type { Approval, Preview } from './approval.ts';
import type { Deliverable } from './deliverable.ts';
import type { Failure } from './failure.ts';
import type { EntryData } from './journal.ts';
import type { Part, StopReason, Usage } from './provider.ts';

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
  /** What the model is told; `null` while there is no result. */
  readonly output: string | null;
  readonly undoable: boolean;
  readonly undoFailure: Failure | null;
  /** ms since 1970: asked for, begun, ended. */
  readonly time: number;
  readonly begun: number | null;
  readonly ended: number | null;
}

/** What every turn has: its entry's number as key, its job, and when it was, in ms since 1970. */
interface TurnFrame {
  readonly key: string;
  readonly job: string;
  readonly time: number;
}

/** One message of the assistant with its tool calls, or of the person, or what else a reader must know. */
export type Turn = TurnFrame & TurnBody;

type TurnBody =
  | {
      readonly kind: 'person';
      readonly text: string;
      readonly ability: string;
      /** Another provider than the Ability's, where the job names one. */
      readonly provider: string | null;
    }
  | {
      readonly kind: 'assistant';
      readonly parts: readonly Part[];
      readonly calls: readonly Call[];
      readonly provider: string;
      readonly model: string;
      readonly stop: StopReason;
      readonly usage: Usage | null;
    }
  | {
      readonly kind: 'attempt';
      readonly failure: Failure;
      readonly provider: string;
    }
  | {
      readonly kind: 'failure';
      readonly failure: Failure;
    }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'recovered' }
  | {
      readonly kind: 'deliverable';
      readonly deliverable: Deliverable;
    };
