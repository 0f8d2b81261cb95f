import * as z from 'zod';
import type { Tool, ToolContext } from '../../core/ports/tool.ts';
import { DeliverableType } from '../../protocol/ability.ts';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { outOfReach } from './files/changing.ts';
import { deliver, type MadeFile } from './files/deliver.ts';
import { keepFile, type Marked, markOf } from './files/keep.ts';
import { digestOf } from './files/look.ts';
import { findTaken, type Taken } from './files/taking.ts';

const Input = z.strictObject({
  title: z.string().trim().min(1).max(200),
  type: DeliverableType.optional(),
  files: z
    .array(
      z
        .strictObject({
          path: z.string().describe('in the deliverable; "." with a folder'),
          content: z.string().optional(),
          from: z.string().optional().describe('workspace file or folder instead of content'),
        })
        .refine((file) => (file.content === undefined) !== (file.from === undefined), {
          message: 'needs either content or from',
        }),
    )
    .min(1)
    .max(2000),
});
type Input = z.infer<typeof Input>;

/** Saves files as the deliverable of the job; nothing leaves the store. */
export const saveDeliverable: Tool<Input> = {
  name: 'save_deliverable',
  description: 'Saves finished files as the deliverable.',
  input: Input,
  needs: [{ permission: 'read', reason: 'Takes the finished files of the workspace into the deliverable.' }],
  repeatable: true,
  async plan(input, context) {
    const found = await findTaken(input.files, context);
    if (!found.ok) return found;
    const { taken, effects } = found.value;
    const exactly: [string, string, number][] = [];
    for (const one of taken) {
      const marked = await lookAt(one, context);
      if (!marked.ok) return marked;
      exactly.push([one.path, marked.value.mark, marked.value.size]);
    }
    const title = `Save "${input.title}" with ${taken.length} ${taken.length === 1 ? 'file' : 'files'}`;
    return good({ title, effects, exactly, preview: null });
  },
  async run(input, plan, context) {
    const found = await findTaken(input.files, context);
    if (!found.ok) return found;
    const { taken } = found.value;
    const planned = plan.exactly as [string, string, number][];
    if (taken.length !== planned.length || taken.some(({ path }, at) => path !== planned[at]?.[0])) {
      return bad(
        failures.conflict('The files changed while they were saved.', 'Save the deliverable again.'),
      );
    }
    const all = planned.reduce((sum, [, , size]) => sum + size, 0);
    const files: MadeFile[] = [];
    let done = 0;
    for (const [at, one] of taken.entries()) {
      const took = (bytes: number) => {
        done += bytes;
        context.progress(all === 0 ? 1 : Math.min(1, done / all), one.path);
      };
      const kept = await take(one, planned[at]?.[1] ?? '', context, took);
      if (!kept.ok) return kept;
      files.push(kept.value);
    }
    if (context.signal.aborted) return bad(failures.cancelled('The deliverable was not saved.'));
    const type = input.type ?? context.ability.deliverable;
    return good(await deliver({ type, title: input.title, files, facts: {} }, context));
  },
};

/** What is outside is looked at only once the policy has spoken. */
async function lookAt(one: Taken, { signal }: ToolContext): Promise<Outcome<Marked>> {
  switch (one.kind) {
    case 'text':
      return good({ mark: digestOf(one.text), size: Buffer.byteLength(one.text) });
    case 'attached':
      return good({ mark: one.file.digest, size: one.file.size });
    case 'file':
      if (one.spot.place === 'outside') return good({ mark: one.spot.path, size: 0 });
      return markOf(one.spot, one.field, signal);
  }
}

async function take(
  one: Taken,
  mark: string,
  context: ToolContext,
  took: (bytes: number) => void,
): Promise<Outcome<MadeFile>> {
  const { path } = one;
  switch (one.kind) {
    case 'text':
      return good({ path, bytes: Buffer.from(one.text, 'utf8') });
    case 'attached':
      return good({ path, digest: one.file.digest, size: one.file.size });
    case 'file': {
      if (one.spot.place === 'outside') return bad(outOfReach(one.spot.shown));
      const kept = await keepFile({ spot: one.spot, field: one.field, mark }, context, took);
      return kept.ok ? good({ path, ...kept.value }) : kept;
    }
  }
}
