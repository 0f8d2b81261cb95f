import * as z from 'zod';
import type { Tool, ToolContext, ToolResult } from '../../../core/ports/tool.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { Digest } from '../../../protocol/message.ts';
import { byteName, shownName } from '../files/bytePath.ts';
import { blobImages } from '../files/entry.ts';
import { findSpot } from '../files/places.ts';
import type { Step } from '../files/things.ts';
import { type TurnParts, turn } from '../files/turn.ts';
import { freePath } from './freePath.ts';

/** What was made and lies in the store, as it is written and taken back. */
export const MadeNote = z.strictObject({ made: z.strictObject({ steps: Digest, what: z.string() }) });
export type MadeNote = z.infer<typeof MadeNote>;
type Undo = MadeNote['made'];

/** Something that was made, with what it cost where that was not noted before. */
export interface Keepsake {
  readonly digest: string;
  readonly what: string;
  readonly usd?: number | null;
}

/**
 * Notes what was made, with what it cost, and writes it with the folders that it needs; where something else came
 * to stand there meanwhile, beside that under another name, for it is paid for.
 */
export async function keep(
  path: string,
  thing: Keepsake,
  context: ToolContext,
): Promise<Outcome<ToolResult>> {
  const steps: Step[] = [
    ...(await missingFolders(path, context)),
    { name: byteName(path), before: null, after: { kind: 'file', digest: thing.digest, mode: 0o644 } },
  ];
  const made: Undo = {
    steps: await context.blobs.put(Buffer.from(JSON.stringify(steps))),
    what: thing.what,
  };
  await context.note({ made } satisfies MadeNote, thing.usd);
  return write(made, steps, context);
}

/** Writes what was made and noted before; nobody is asked for it anew. */
export async function keepAgain({ made }: MadeNote, context: ToolContext): Promise<Outcome<ToolResult>> {
  const steps = await stepsOf(made, context);
  return steps ? write(made, steps, context) : bad(deleted);
}

/** How what was made is taken back and written again; nobody is asked for it anew. */
export const takingBack: Required<Pick<Tool, 'undo' | 'redo'>> = {
  undo: (undo, context) => go(undo, 'undo', context),
  redo: async (undo, context) => {
    const gone = await go(undo, 'redo', context);
    return gone.ok ? good(undo) : gone;
  },
};

async function write(made: Undo, steps: readonly Step[], context: ToolContext): Promise<Outcome<ToolResult>> {
  const file = steps.at(-1);
  const path = shownName(file?.name ?? '');
  const written = await turn(steps, 'redo', partsOf(context));
  if (written.ok) return good({ output: `Made ${path}: ${made.what}.`, undo: made });
  const free = written.failure.kind === 'conflict' ? await freePath(path, context) : null;
  if (free === null || file?.after?.kind !== 'file') return written;
  return keep(free, { digest: file.after.digest, what: made.what }, context);
}

async function missingFolders(path: string, context: ToolContext): Promise<Step[]> {
  const names = path.split('/').slice(0, -1);
  const steps: Step[] = [];
  for (let count = 1; count <= names.length; count++) {
    const folder = names.slice(0, count).join('/');
    const found = await findSpot(folder, context);
    if (!found.ok || found.value.exists) continue;
    steps.push({ name: byteName(folder), before: null, after: { kind: 'folder', mode: 0o755 } });
  }
  return steps;
}

async function go(given: unknown, way: 'undo' | 'redo', context: ToolContext): Promise<Outcome<void>> {
  const steps = await stepsOf(MadeNote.shape.made.parse(given), context);
  return steps ? turn(steps, way, partsOf(context)) : bad(deleted);
}

async function stepsOf(made: Undo, { blobs }: ToolContext): Promise<readonly Step[] | null> {
  const bytes = await blobs.get(made.steps);
  return bytes && (JSON.parse(Buffer.from(bytes).toString('utf8')) as Step[]);
}

const deleted = failures.conflict('What is needed for it was deleted.', 'Do it by hand.');

function partsOf(context: ToolContext): TurnParts {
  return { ...context, root: context.workspace, images: blobImages(context.blobs) };
}
