/** Whether something is taken back, or done again. */
export type Way = 'undo' | 'redo';

/** What is taken back or done again: all of a job, or one execution of it. */
export interface Deeds {
  readonly way: Way;
  readonly job: string;
  readonly execution?: string | undefined;
}

/** A way back, or its undoing, that is going on. */
export interface GoingBack extends Deeds {
  /** Whether it goes on for so long that it is shown. */
  readonly long: boolean;
  /** Whether a person called it off. */
  readonly stopping: boolean;
  /** Calls it off: what is in hand stops where it can, and nothing further is begun. */
  stop(): void;
}
