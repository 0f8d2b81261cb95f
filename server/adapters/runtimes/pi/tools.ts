import * as z from 'zod';
import type { RuntimeTool } from '../../../core/ports/runtime.ts';
import type { ToolContext } from '../../../core/ports/tool.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { blindPlan, type Change, makeChange, planOf, undoChange } from '../../tools/files/change.ts';
import { look } from '../../tools/files/look.ts';
import { findSpot, type Spot } from '../../tools/files/places.ts';
import type { FormedText } from '../../tools/files/textForm.ts';
import { outOfReach, rewritten } from '../../tools/writeFile.ts';
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
const write: RuntimeTool<z.infer<typeof WriteInput>> = changing({
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
const edit: RuntimeTool<z.infer<typeof EditInput>> = changing({
  name: 'edit',
  description: 'Replaces exact pieces of a text file.',
  input: EditInput,
  after: (before, { path, edits }) =>
    before ? edited(before, edits) : bad(failures.invalid('path', `There is no file ${path}.`, 'Use write.')),
});

/** The tools of pi, by its names for them. */
export const tools: readonly RuntimeTool[] = [read, bash, edit, write];

/** A tool that changes one text, from what it makes of it. */
function changing<I extends { path: string }>({
  after,
  ...tool
}: Pick<RuntimeTool<I>, 'name' | 'description' | 'input'> & {
  after(before: FormedText | null, input: I): Outcome<FormedText>;
}): RuntimeTool<I> {
  const changeOf = async (input: I, context: ToolContext): Promise<Outcome<Spot | Change>> => {
    const spot = await findSpot(input.path, context);
    if (!spot.ok || spot.value.place === 'outside') return spot;
    const seen = await look(spot.value, context);
    if (!seen.ok) return seen;
    const text = after(seen.value, input);
    return text.ok ? good({ spot: spot.value, before: seen.value, after: text.value }) : text;
  };
  return {
    ...tool,
    repeatable: false,
    async plan(input, context) {
      const change = await changeOf(input, context);
      if (!change.ok) return change;
      if ('path' in change.value) return good(blindPlan('Write', 'write', change.value));
      return good(planOf(change.value, change.value.before ? 'Change' : 'Create'));
    },
    async run(input, plan, context) {
      const change = await changeOf(input, context);
      if (!change.ok) return change;
      if ('path' in change.value) return bad(outOfReach(change.value.shown));
      return makeChange(change.value, plan, context);
    },
    undo: undoChange,
  };
}

/** Spaces that pi takes for plain ones, and so would read another file than the one that was judged. */
const spacesThatPiReplaces = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/;

function oddSpaces(path: string) {
  const what = `"path": ${JSON.stringify(path)} leads over unusual spaces.`;
  return failures.invalid('path', what, 'Give a path with plain spaces.');
}
