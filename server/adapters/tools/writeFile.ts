import * as z from 'zod';
import type { Tool } from '../../core/ports/tool.ts';
import { good } from '../../protocol/failure.ts';
import { Digest } from '../../protocol/message.ts';
import { reconcileChange } from './files/change.ts';
import { changing, versionFault } from './files/changing.ts';
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
  needs: [{ permission: 'write', reason: 'Writes the file that the agent made.' }],
  repeatable: false,
  ...changing<Input>({
    verbs: { change: 'Write', create: 'Create', blind: 'Write' },
    after: (before, { version, content }, shown) =>
      versionFault(shown, version, before?.version) ?? good(rewritten(before, content)),
  }),
  reconcile: (input, context) =>
    reconcileChange(input, (before) => rewritten(before, input.content), context),
};

/** The new text in the form of the old one: encoding, mark and line ends stay. */
export function rewritten(before: FormedText | null, content: string): FormedText {
  if (!before) return { text: content, form: plainForm };
  return { text: withLineEnds(content, lineEnd(before.text)), form: before.form };
}
