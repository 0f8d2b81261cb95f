import * as z from 'zod';
import type { Tool } from '../../core/ports/tool.ts';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { Digest } from '../../protocol/message.ts';
import { reconcileChange } from './files/change.ts';
import { changing, versionFault } from './files/changing.ts';
import { type FormedText, lineEnd, withLineEnds } from './files/textForm.ts';

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
  needs: [{ permission: 'write', reason: 'Changes the piece of the file that the agent asks for.' }],
  repeatable: false,
  ...changing<Input>({
    verbs: { change: 'Edit', create: 'Edit', blind: 'Edit' },
    after: (before, input, shown) => {
      const fault = versionFault(shown, input.version, before?.version);
      if (fault || before) return fault ?? edited(before as FormedText, input);
      return bad(failures.invalid('path', `There is no file ${shown}.`, 'Use write_file.'));
    },
  }),
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
