import { edgesOf, type Tree } from './tree.ts';

/** Groups of files that import each other in a ring, by whatever kind of import; each as a closed path. */
export function cyclesOf(tree: Tree): string[][] {
  const graph = new Map<string, Set<string>>();
  for (const { from, to } of edgesOf(tree)) {
    if (to === null || !tree.has(to)) continue;
    graph.set(from, (graph.get(from) ?? new Set()).add(to));
  }
  const seen = new Set<string>();
  const rings: string[][] = [];
  for (const file of [...tree.keys()].sort()) {
    if (seen.has(file)) continue;
    const ring = shortestRing(graph, file);
    if (!ring) continue;
    for (const one of ring) seen.add(one);
    rings.push(ring);
  }
  return rings;
}

function shortestRing(graph: ReadonlyMap<string, ReadonlySet<string>>, start: string): string[] | null {
  const paths: string[][] = [[start]];
  const visited = new Set<string>();
  for (let path = paths.shift(); path; path = paths.shift()) {
    for (const next of graph.get(path.at(-1) ?? '') ?? []) {
      if (next === start) return [...path, start];
      if (visited.has(next)) continue;
      visited.add(next);
      paths.push([...path, next]);
    }
  }
  return null;
}
