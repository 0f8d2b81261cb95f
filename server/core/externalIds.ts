import { callsIn } from './externalCutOff.ts';
import type { JobRun } from './jobRun.ts';

/** The ids of calls: those that the agent gives, made unique within the job. */
export interface Ids {
  /** The id of a new call. */
  fresh(given: string): string;
  /** The id of the newest call that was given this one. */
  of(given: string): string;
}

/** Opens the ids of a run. */
export function openIds(run: JobRun): Ids {
  const taken = new Set(callsIn(run).map(({ call }) => call));
  const newest = new Map<string, string>();
  return {
    fresh: (given) => {
      let id = given;
      for (let number = 2; taken.has(id); number++) id = `${given}-${number}`;
      taken.add(id);
      newest.set(given, id);
      return id;
    },
    of: (given) => newest.get(given) ?? given,
  };
}
