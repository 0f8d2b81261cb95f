import type { ToolContext } from '../../../core/ports/tool.ts';
import { findSpot } from './places.ts';

/** Answers where paths that an editor names lie in the workspace; `null` for those outside and those of our own. */
export function inWorkspace(context: ToolContext): (given: string) => Promise<string | null> {
  const known = new Map<string, Promise<string | null>>();
  return (given) => {
    const found = known.get(given) ?? shownOf(given, context);
    known.set(given, found);
    return found;
  };
}

async function shownOf(given: string, context: ToolContext): Promise<string | null> {
  const spot = await findSpot(given, context);
  return spot.ok && spot.value.place === 'workspace' ? spot.value.shown : null;
}
