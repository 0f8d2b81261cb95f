import type { EntryType } from '../../protocol/entryData.ts';
import type { Failure } from '../../protocol/failure.ts';
import type { Entry } from '../../protocol/journal.ts';

/** Folds one type of entry into the projections, or says why what stands there forbids it. */
export type Apply<T extends EntryType> = (entry: Extract<Entry, { type: T }>) => Failure | null;
