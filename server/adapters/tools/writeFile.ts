import * as z from 'zod';
import type { Tool, ToolContext } from '../../core/ports/tool.ts';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { Digest } from '../../protocol/message.ts';
import { blindPlan, type Change, makeChange, planOf, reconcileChange, undoChange } from './files/change.ts';
import { look } from './files/look.ts';
import { findSpot } from './files/places.ts';
import { type FormedText, lineEnd, plainForm, withLineEnds } from './files/textForm.ts';

const Input = z.strictObject({
  path: z.string(),
  content: z.string().max(4_000_000),
  version: Digest.optional().describe('as read; absent for a new file'),
});
type Input = z.infer<typeof Input>;

/** Writes a whole text file, new or over the version that was read. */
export const writeFile: Tool<Input> = {
  name: 'write_file',
  description: 'Writes a whole text file.',
  input: Input,
  repeatable: false,
  async plan(input, context) {
    const change = await changeOf(input, context);
    if (!change.ok) return change;
    if ('path' in change.value) return good(blindPlan('Write', 'write', change.value));
    return good(planOf(change.value, change.value.before ? 'Write' : 'Create'));
  },
  async run(input, plan, context) {
    const change = await changeOf(input, context);
    if (!change.ok) return change;
    if ('path' in change.value) return bad(outOfReach(change.value.shown));
    return makeChange(change.value, plan, context);
  },
  undo: undoChange,
  reconcile: (input, context) =>
    reconcileChange(input, (before) => rewritten(before, input.content), context),
};

async function changeOf(input: Input, context: ToolContext) {
  const spot = await findSpot(input.path, context);
  if (!spot.ok || spot.value.place === 'outside') return spot;
  const seen = await look(spot.value, context);
  if (!seen.ok) return seen;
  const fault = versionFault(spot.value.shown, input.version, seen.value?.version);
  if (fault) return fault;
  return good<Change>({ spot: spot.value, before: seen.value, after: rewritten(seen.value, input.content) });
}

/** The new text in the form of the old one: encoding, mark and line ends stay. */
export function rewritten(before: FormedText | null, content: string): FormedText {
  if (!before) return { text: content, form: plainForm };
  return { text: withLineEnds(content, lineEnd(before.text)), form: before.form };
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

/** The failure of every change outside the workspace, whatever the policy said. */
export function outOfReach(shown: string) {
  return failures.denied(`${shown} is outside the workspace.`, 'Give a path inside the workspace.');
}
