import { isSamePlace } from '../../server/protocol/deliverable.ts';
import type { Published } from '../../server/protocol/turn.ts';

/**
 * One publication for each place that a deliverable was published to: the one that stands there, else the last; what
 * stands comes first. `replaced`: executions known to have lost their place, beyond what the conversation tells.
 */
export function placesOf(
  publications: readonly Published[],
  replaced: ReadonlySet<string> = new Set(),
): Published[] {
  const places: Published[] = [];
  for (const told of publications) {
    const lost = told.state === 'stands' && replaced.has(told.publication.execution);
    const one: Published = lost ? { ...told, state: 'replaced' } : told;
    const at = places.findIndex((other) => isSamePlace(other.publication, one.publication));
    const before = places[at];
    if (!before) places.push(one);
    else if (one.state === 'stands' || before.state !== 'stands') places[at] = one;
  }
  const stand = ({ state }: Published) => Number(state === 'stands');
  return places.sort((one, other) => stand(other) - stand(one));
}
