import * as z from 'zod';
import type { Tool, ToolContext } from '../../core/ports/tool.ts';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { Digest } from '../../protocol/message.ts';
import { blindPlan, type Change, makeChange, planOf, reconcileChange, undoChange } from './files/change.ts';
import { look } from './files/look.ts';
import { findSpot } from './files/places.ts';
import { type FormedText, lineEnd, withLineEnds } from './files/textForm.ts';
import { outOfReach, versionFault } from './writeFile.ts';

const Input = z.strictObject({
  path: z.string(),
  version: Digest.describe('as read'),
  old: z.string().min(1).describe('exact text'),
  new: z.string().max(4_000_000),
  all: z.boolean().default(false).describe('every occurrence'),
});
type Input = z.infer<typeof Input>;

/** Replaces an exact piece of a text file in the version that was read. */
export const editFile: Tool<Input> = {
  name: 'edit_file',
  description: 'Replaces one exact piece of a text file.',
  input: Input,
  repeatable: false,
  async plan(input, context) {
    const change = await changeOf(input, context);
    if (!change.ok) return change;
    if ('path' in change.value) return good(blindPlan('Edit', 'write', change.value));
    return good(planOf(change.value, 'Edit'));
  },
  async run(input, plan, context) {
    const change = await changeOf(input, context);
    if (!change.ok) return change;
    if ('path' in change.value) return bad(outOfReach(change.value.shown));
    return makeChange(change.value, plan, context);
  },
  undo: undoChange,
  reconcile: (input, context) =>
    reconcileChange(
      input,
      (before) => {
        const after = before && edited(before, input);
        return after?.ok ? after.value : null;
      },
      context,
    ),
};

async function changeOf(input: Input, context: ToolContext) {
  const spot = await findSpot(input.path, context);
  if (!spot.ok || spot.value.place === 'outside') return spot;
  const seen = await look(spot.value, context);
  if (!seen.ok) return seen;
  const fault = versionFault(spot.value.shown, input.version, seen.value?.version);
  if (fault) return fault;
  if (!seen.value)
    return bad(failures.invalid('path', `There is no file ${spot.value.shown}.`, 'Use write_file.'));
  const after = edited(seen.value, input);
  return after.ok ? good<Change>({ spot: spot.value, before: seen.value, after: after.value }) : after;
}

/** The text with the piece replaced; the piece may be given with other line ends than the file has. */
function edited(before: FormedText, input: Input): Outcome<FormedText> {
  const end = lineEnd(before.text);
  const piece = [input.old, withLineEnds(input.old, end)].find((one) => before.text.includes(one));
  if (piece === undefined) {
    return bad(
      failures.invalid(
        'old',
        '"old": that text is not in the file.',
        'Read the lines again and copy them exactly.',
      ),
    );
  }
  const count = before.text.split(piece).length - 1;
  if (count > 1 && !input.all) {
    const what = `"old": that text is ${count} times in the file.`;
    return bad(failures.invalid('old', what, 'Give more lines around it, or set "all".'));
  }
  const text = before.text.replaceAll(piece, () => withLineEnds(input.new, end));
  return good({ text, form: before.form });
}
