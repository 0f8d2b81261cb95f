import * as z from 'zod';
import { pieceOf, readOutputName } from '../../core/outputs.ts';
import type { Tool } from '../../core/ports/tool.ts';
import { bad, failures, good } from '../../protocol/failure.ts';

const Input = z.strictObject({
  call: z.string(),
  from: z.int().min(1).default(1),
  to: z.int().min(1).optional(),
  by: z.enum(['lines', 'characters']).default('lines'),
});

/** Reads from the journal what a long result was told without. */
export const readOutput: Tool<z.infer<typeof Input>> = {
  name: readOutputName,
  description: 'Reads a range of a long result that was cut, by the id of its call.',
  input: Input,
  needs: [],
  repeatable: true,
  plan: async ({ call, from, by }) =>
    good({
      title: `Read an earlier result, ${by} from ${from}`,
      effects: [],
      exactly: call,
      preview: null,
    }),
  run: async ({ call, ...range }, _plan, context) => {
    if (context.signal.aborted) return bad(failures.cancelled('Nothing was read.'));
    const output = context.outputOf(call);
    if (output === null) return bad(noResult(call));
    return good({ output: pieceOf(output, range) });
  },
};

function noResult(call: string) {
  return failures.invalid(
    'call',
    `"call": there is no result of "${call}".`,
    'Name a call as its cut result does.',
  );
}
