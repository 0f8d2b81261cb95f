import type { Deliverable } from '../server/protocol/deliverable.ts';

/** The other deliverables that are the same thing at another time: of one type and title. */
export function versionsOf(ours: Deliverable, all: readonly Deliverable[]): Deliverable[] {
  return all.filter(({ id, type, title }) => id !== ours.id && type === ours.type && title === ours.title);
}

/** How a file differs between two versions. */
export interface Difference {
  readonly path: string;
  readonly change: 'added' | 'removed' | 'changed';
}

/** The files that are not the same in both versions, by their paths. */
export function differences(
  older: Pick<Deliverable, 'files'>,
  newer: Pick<Deliverable, 'files'>,
): Difference[] {
  const before = new Map(older.files.map(({ path, digest }) => [path, digest]));
  const after = new Map(newer.files.map(({ path, digest }) => [path, digest]));
  const paths = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return paths.flatMap((path): Difference[] => {
    if (!before.has(path)) return [{ path, change: 'added' }];
    if (!after.has(path)) return [{ path, change: 'removed' }];
    return before.get(path) === after.get(path) ? [] : [{ path, change: 'changed' }];
  });
}
