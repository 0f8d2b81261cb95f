import type { Effect } from '../../protocol/effect.ts';
import { canonical } from '../canonical.ts';

/** What may be done without asking again, given by a person for one job. */
export interface Grant {
  readonly tool: string;
  readonly effects: readonly Effect[];
}

/** A grant covers the same tool doing the same kind of thing in the same place; a secret or an address only itself. */
export function isGranted(grants: readonly Grant[], tool: string, effect: Effect): boolean {
  return grants.some(
    (grant) => grant.tool === tool && grant.effects.some((granted) => covers(granted, effect)),
  );
}

function covers(granted: Effect, effect: Effect): boolean {
  switch (effect.kind) {
    case 'read':
      return granted.kind === 'read' && granted.path === effect.path;
    case 'write':
    case 'delete':
      return (
        granted.kind === effect.kind &&
        granted.place === effect.place &&
        (effect.reversible || !granted.reversible)
      );
    case 'publish':
      return (
        granted.kind === 'publish' &&
        granted.target === effect.target &&
        granted.address === effect.address &&
        (effect.reversible || !granted.reversible)
      );
    default:
      return canonical(granted) === canonical(effect);
  }
}
