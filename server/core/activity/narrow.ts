import type { ActFilter } from '../../protocol/activity.ts';
import type { EntryType } from '../../protocol/entryData.ts';
import type { ActRange } from '../ports/store.ts';
import { type ActType, actTypes } from './acts.ts';

/** What of a filter the store itself can hold entries against; it may find more than the filter, never less. */
export type Narrowed = Pick<ActRange, 'types' | 'effects' | 'tools' | 'actor' | 'job'>;

/** Says what of a filter the store can look at, so that it reads only what may fit. */
export function narrowed({ effects, outcomes, tools, actor, job }: ActFilter): Narrowed {
  const types = actTypes.filter(
    (type) =>
      (effects === undefined || withEffects.has(type)) &&
      (outcomes === undefined || outcomes.some((outcome) => comesTo(type, outcome))) &&
      (tools === undefined || ofTools.has(type) || tools.includes(type)),
  );
  return {
    types,
    ...(effects === undefined ? {} : { effects }),
    ...(tools === undefined ? {} : { tools }),
    ...(actor === undefined ? {} : { actor }),
    ...(job === undefined ? {} : { job }),
  };
}

const withEffects: ReadonlySet<EntryType> = new Set<ActType>([
  'execution.started',
  'call.refused',
  'approval.requested',
  'approval.decided',
]);

const ofTools: ReadonlySet<EntryType> = new Set<ActType>([
  'execution.started',
  'approval.requested',
  'call.refused',
]);

type Outcome = NonNullable<ActFilter['outcomes']>[number];

/** What acts of these types can come to; every other is done at once, and `ok`. */
const ends: { readonly [T in ActType]?: readonly Outcome[] } = {
  'execution.started': ['running', 'ok', 'failed', 'interrupted', 'undone'],
  'approval.requested': ['waiting'],
  'approval.decided': ['ok', 'denied'],
  'call.refused': ['denied', 'refused'],
};

function comesTo(type: ActType, outcome: Outcome): boolean {
  return (ends[type] ?? ['ok']).includes(outcome);
}
