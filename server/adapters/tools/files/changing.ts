import type { Tool, ToolContext } from '../../../core/ports/tool.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { blindPlan, type Change, makeChange, planOf } from './change.ts';
import { changeDifferences, redoChange, undoChange } from './changeBack.ts';
import { look, type Seen } from './look.ts';
import { findSpot, type Spot } from './places.ts';
import { underAllNames } from './rulingLinks.ts';
import type { FormedText } from './textForm.ts';

/** How a tool makes a new text of the one that stands there. */
export interface Making<I> {
  /** What its titles begin with: of a file that is there, of a new one, and of one that is not ours to look at. */
  readonly verbs: { readonly change: string; readonly create: string; readonly blind: string };
  /** The new text; fails where the input does not fit what stands there. */
  after(before: Seen | null, input: I, shown: string): Outcome<FormedText>;
}

/** The members of a tool that changes one text: how it is planned, done, taken back and done again. */
export function changing<I extends { readonly path: string }>(
  making: Making<I>,
): Required<Pick<Tool<I>, 'plan' | 'run' | 'undo' | 'redo' | 'differences'>> {
  const { verbs } = making;
  return {
    async plan(input, context) {
      const change = await changeOf(input, context, making);
      if (!change.ok) return change;
      if ('path' in change.value) return good(blindPlan(verbs.blind, 'write', change.value));
      const spot = await underAllNames(change.value.spot, context);
      return good(planOf({ ...change.value, spot }, change.value.before ? verbs.change : verbs.create));
    },
    async run(input, plan, context) {
      const change = await changeOf(input, context, making);
      if (!change.ok) return change;
      if ('path' in change.value) return bad(outOfReach(change.value.shown));
      return makeChange(change.value, plan, context);
    },
    undo: undoChange,
    redo: redoChange,
    differences: changeDifferences,
  };
}

/** The failure of every change outside the workspace, whatever the policy said. */
export function outOfReach(shown: string) {
  return failures.denied(`${shown} is outside the workspace.`, 'Give a path inside the workspace.');
}

/** The failure where the version named is not the one that stands there; `null` where it is. */
export function versionFault(shown: string, named?: string, stands?: string): Outcome<never> | null {
  if (named === stands) return null;
  if (!named) {
    return bad(
      failures.conflict(`${shown} exists already.`, 'Read it first, and give the version that you read.'),
    );
  }
  const what = stands
    ? `${shown} changed since that version was read.`
    : `There is no file ${shown} any more.`;
  return bad(failures.conflict(what, 'Look again before you change it.'));
}

async function changeOf<I extends { readonly path: string }>(
  input: I,
  context: ToolContext,
  { after }: Making<I>,
): Promise<Outcome<Change | Spot>> {
  const spot = await findSpot(input.path, context);
  if (!spot.ok || spot.value.place === 'outside') return spot;
  const seen = await look(spot.value, context);
  if (!seen.ok) return seen;
  const text = after(seen.value, input, spot.value.shown);
  return text.ok ? good({ spot: spot.value, before: seen.value, after: text.value }) : text;
}
