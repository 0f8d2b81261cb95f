import type { Entry } from '../../server/protocol/journal.ts';
import type { Mode } from '../../server/protocol/policy.ts';

/** How much each job asks, where the person chose; `null` where nothing but the setting holds. */
export type Modes = Readonly<Record<string, Mode | null>>;

/** Adds what entries, in order, say of the modes of jobs. */
export function foldModes(modes: Modes, entries: readonly Entry[]): Modes {
  const found = entries.flatMap((entry): [string, Mode | null][] => {
    if (!entry.job) return [];
    if (entry.type === 'job.created') return [[entry.job, entry.data.mode ?? null]];
    return entry.type === 'job.modeSet' ? [[entry.job, entry.data.mode]] : [];
  });
  return found.length === 0 ? modes : { ...modes, ...Object.fromEntries(found) };
}
