import * as z from 'zod';
import type { Tool, ToolContext } from '../../core/ports/tool.ts';
import { DeliverableType } from '../../protocol/ability.ts';
import type { Effect } from '../../protocol/effect.ts';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { outOfReach } from './files/changing.ts';
import { deliver, type MadeFile } from './files/deliver.ts';
import { digestOf, readBytes } from './files/look.ts';
import { fileEffect, findSpot, relativeFault } from './files/places.ts';
import { publishMarker } from './files/ripgrep.ts';

const Input = z.strictObject({
  title: z.string().trim().min(1).max(200),
  type: DeliverableType.optional(),
  files: z
    .array(
      z
        .strictObject({
          path: z.string().describe('in the deliverable'),
          content: z.string().optional(),
          from: z.string().optional().describe('workspace file instead of content'),
        })
        .refine((file) => (file.content === undefined) !== (file.from === undefined), {
          message: 'needs either content or from',
        }),
    )
    .min(1)
    .max(2000),
});
type Input = z.infer<typeof Input>;

const largestFile = 256 * 1024 * 1024;

/** Saves files as the deliverable of the job; nothing leaves the store. */
export const saveDeliverable: Tool<Input> = {
  name: 'save_deliverable',
  description: 'Saves finished files as the deliverable.',
  input: Input,
  needs: [{ permission: 'read', reason: 'Takes the finished files of the workspace into the deliverable.' }],
  repeatable: true,
  async plan(input, context) {
    const gathered = await gather(input, context, 'looking');
    if (!gathered.ok) return gathered;
    const { effects, files } = gathered.value;
    return good({
      title: `Save "${input.title}" with ${files.length} ${files.length === 1 ? 'file' : 'files'}`,
      effects,
      exactly: files.map((file) => [file.path, digestOf(file.bytes)]),
      preview: null,
    });
  },
  async run(input, plan, context) {
    const gathered = await gather(input, context, 'taking');
    if (!gathered.ok) return gathered;
    const { files } = gathered.value;
    const now = files.map((file) => [file.path, digestOf(file.bytes)]);
    if (JSON.stringify(now) !== JSON.stringify(plan.exactly)) {
      return bad(failures.conflict('A file changed while it was saved.', 'Save the deliverable again.'));
    }
    if (context.signal.aborted) return bad(failures.cancelled('The deliverable was not saved.'));
    const type = input.type ?? context.ability.deliverable;
    return good(await deliver({ type, title: input.title, files, facts: {} }, context));
  },
};

/** The failure of a list of paths that cannot stand side by side in one folder on every system; else `null`. */
function pathsFault(paths: readonly string[]): Outcome<never> | null {
  const taken = new Map<string, string>();
  for (const [index, path] of paths.entries()) {
    const fault = relativeFault(path) ?? (taken.has(path.toLowerCase()) ? 'is there twice' : null);
    const reserved = path.split('/').at(-1)?.toLowerCase() === publishMarker ? 'is a reserved name' : null;
    if (fault ?? reserved) {
      const what = `"files.${index}.path": ${JSON.stringify(path.slice(0, 120))} ${fault ?? reserved}.`;
      return bad(failures.invalid(`files.${index}.path`, what, 'Give plain relative paths, each once.'));
    }
    taken.set(path.toLowerCase(), path);
  }
  const folder = paths.find((path) =>
    paths.some((other) => other.toLowerCase().startsWith(`${path.toLowerCase()}/`)),
  );
  if (folder === undefined) return null;
  return bad(
    failures.invalid('files', `"files": ${folder} is both a file and a folder.`, 'Rename one of them.'),
  );
}

async function gather(
  input: Input,
  context: ToolContext,
  why: 'looking' | 'taking',
): Promise<Outcome<{ files: MadeFile[]; effects: Effect[] }>> {
  const fault = pathsFault(input.files.map((file) => file.path));
  if (fault) return fault;
  const files: MadeFile[] = [];
  const effects: Effect[] = [];
  for (const [index, { path, content, from }] of input.files.entries()) {
    if (from === undefined) {
      files.push({ path, bytes: Buffer.from(content ?? '', 'utf8') });
      continue;
    }
    const field = `files.${index}.from`;
    const spot = await findSpot(from, context, field);
    if (!spot.ok) return spot;
    effects.push(fileEffect('read', spot.value));
    if (spot.value.place === 'outside') {
      if (why === 'taking') return bad(outOfReach(spot.value.shown));
      continue;
    }
    const read = await readBytes(spot.value, largestFile);
    if (!read.ok) return read;
    if (!read.value) {
      return bad(
        failures.invalid(field, `"${field}": there is no file ${spot.value.shown}.`, 'List the files first.'),
      );
    }
    files.push({ path, bytes: read.value.bytes });
  }
  return good({ files, effects });
}
