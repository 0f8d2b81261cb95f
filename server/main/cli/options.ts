import { InvalidArgumentError } from 'commander';

/** The options that every command takes. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly workspace?: string;
  readonly store?: string;
  /** One execution of the job that is named. */
  readonly execution?: string;
}

/** Reads a whole number from 1 to `most` that an option is given. */
export function upTo(most: number): (text: string) => number {
  return (text) => {
    const number = /^\d+$/.test(text) ? Number(text) : 0;
    if (number >= 1 && number <= most) return number;
    throw new InvalidArgumentError(`Write a whole number from 1 to ${most}.`);
  };
}

/** The commands that act on one job, each with what it does. */
export const jobActs = {
  approve: 'approve a job that needs it, or what a job asks',
  deny: 'deny what a job asks',
  abort: 'abort a job',
  undo: 'take back what a job did, newest first',
  redo: 'do again what was taken back, oldest first',
} as const;
export type JobAct = keyof typeof jobActs;
