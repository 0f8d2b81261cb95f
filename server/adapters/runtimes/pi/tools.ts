import * as z from 'zod';
import type { RuntimeTool } from '../../../core/ports/runtime.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { blindPlan } from '../../tools/files/change.ts';
import { changing } from '../../tools/files/changing.ts';
import { findSpot } from '../../tools/files/places.ts';
import type { FormedText } from '../../tools/files/textForm.ts';
import { rewritten } from '../../tools/writeFile.ts';
import { Edit, edited } from './edits.ts';

const ReadInput = z.looseObject({ path: z.string() });

/** pi reads, at the real place that was judged. */
const read: RuntimeTool<z.infer<typeof ReadInput>> = {
  name: 'read',
  description: 'Reads a file.',
  input: ReadInput,
  repeatable: true,
  async plan({ path }, context) {
    const spot = await findSpot(path, context);
    if (!spot.ok) return spot;
    if (spacesThatPiReplaces.test(spot.value.path)) return bad(oddSpaces(path));
    return good(blindPlan('Read', 'read', spot.value));
  },
  handOver: (input, plan) => ({ ...input, path: plan.exactly }),
};

const BashInput = z.looseObject({ command: z.string(), timeout: z.number().positive().optional() });

/** pi runs a command, with the rights of whoever started the butler. */
const bash: RuntimeTool<z.infer<typeof BashInput>> = {
  name: 'bash',
  description: 'Runs a command.',
  input: BashInput,
  repeatable: false,
  async plan({ command }, { workspace }) {
    const first = command.trim().split('\n')[0] ?? '';
    return good({
      title: `Run ${first.length > 100 ? `${first.slice(0, 100)}…` : first}`,
      effects: [{ kind: 'run', argv: ['bash', '-c', command], cwd: workspace }],
      exactly: command,
      preview: { kind: 'text', text: `${command}\n\n(What a command does cannot be undone.)` },
    });
  },
  handOver: (input) => input,
};

const WriteInput = z.looseObject({ path: z.string(), content: z.string() });

/** The butler writes in pi's place, as its own tools do, so that it can be undone. */
const write: RuntimeTool<z.infer<typeof WriteInput>> = changesText({
  name: 'write',
  description: 'Writes a whole text file.',
  input: WriteInput,
  after: (before, { content }) => good(rewritten(before, content)),
});

const EditInput = z.looseObject({
  path: z.string(),
  edits: z.array(Edit).min(1),
});

/** The butler edits in pi's place; each piece is looked for in the text as it stood before. */
const edit: RuntimeTool<z.infer<typeof EditInput>> = changesText({
  name: 'edit',
  description: 'Replaces exact pieces of a text file.',
  input: EditInput,
  after: (before, { path, edits }) =>
    before ? edited(before, edits) : bad(failures.invalid('path', `There is no file ${path}.`, 'Use write.')),
});

/** The tools of pi, by its names for them. */
export const tools: readonly RuntimeTool[] = [read, bash, edit, write];

/** A tool that changes one text, from what it makes of it. */
function changesText<I extends { path: string }>({
  after,
  ...tool
}: Pick<RuntimeTool<I>, 'name' | 'description' | 'input' | 'needs'> & {
  after(before: FormedText | null, input: I): Outcome<FormedText>;
}): RuntimeTool<I> {
  const verbs = { change: 'Change', create: 'Create', blind: 'Write' };
  return { ...tool, repeatable: false, ...changing<I>({ verbs, after }) };
}

/** Spaces that pi takes for plain ones, and so would read another file than the one that was judged. */
const spacesThatPiReplaces = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/;

function oddSpaces(path: string) {
  const what = `"path": ${JSON.stringify(path)} leads over unusual spaces.`;
  return failures.invalid('path', what, 'Give a path with plain spaces.');
}
