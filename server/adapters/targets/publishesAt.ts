import type { Effect } from '../../protocol/effect.ts';

/** The effect of a publication to an address in the world. */
export function publishesAt(target: string, address: string, reversible = true): Effect {
  const place = { address, path: address, shown: address, place: 'outside' } as const;
  return { kind: 'publish', target, ...place, reversible };
}
