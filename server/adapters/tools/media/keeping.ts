import * as z from 'zod';
import type { Tool, ToolContext, ToolResult } from '../../../core/ports/tool.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { Digest } from '../../../protocol/message.ts';
import { byteName } from '../files/bytePath.ts';
import { blobImages } from '../files/entry.ts';
import { findSpot, type Spot } from '../files/places.ts';
import type { Step } from '../files/things.ts';
import { type TurnParts, turn } from '../files/turn.ts';

/** What was made and lies in the store, as it is written and taken back. */
export const MadeNote = z.strictObject({ made: z.strictObject({ steps: Digest, what: z.string() }) });
export type MadeNote = z.infer<typeof MadeNote>;
type Undo = MadeNote['made'];

/** Notes what was made, with what it cost where that was not noted before, and writes it with the folders that it needs. */
export async function keep(
  spot: Spot,
  { digest, what, usd }: { readonly digest: string; readonly what: string; readonly usd?: number | null },
  context: ToolContext,
): Promise<Outcome<ToolResult>> {
  const steps: Step[] = [
    ...(await missingFolders(spot, context)),
    { name: byteName(spot.shown), before: null, after: { kind: 'file', digest, mode: 0o644 } },
  ];
  const made: Undo = { steps: await context.blobs.put(Buffer.from(JSON.stringify(steps))), what };
  await context.note({ made } satisfies MadeNote, usd);
  const written = await turn(steps, 'redo', partsOf(context));
  return written.ok ? good(resultOf(spot.shown, made)) : written;
}

/** Writes again what was made before a crash; `null` where something else stands there by now. */
export async function keepAgain(
  { made }: MadeNote,
  path: string,
  context: ToolContext,
): Promise<ToolResult | null> {
  const gone = await go(made, 'redo', context);
  return gone.ok ? resultOf(path, made) : null;
}

/** How what was made is taken back and written again; nobody is asked for it anew. */
export const takingBack: Required<Pick<Tool, 'undo' | 'redo'>> = {
  undo: (undo, context) => go(undo, 'undo', context),
  redo: async (undo, context) => {
    const gone = await go(undo, 'redo', context);
    return gone.ok ? good(undo) : gone;
  },
};

async function missingFolders(spot: Spot, context: ToolContext): Promise<Step[]> {
  const names = spot.shown.split('/').slice(0, -1);
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
  const { steps: digest } = MadeNote.shape.made.parse(given);
  const bytes = await context.blobs.get(digest);
  if (!bytes) return bad(failures.conflict('What is needed for it was deleted.', 'Do it by hand.'));
  const steps = JSON.parse(Buffer.from(bytes).toString('utf8')) as Step[];
  return turn(steps, way, partsOf(context));
}

function partsOf(context: ToolContext): TurnParts {
  return { ...context, root: context.workspace, images: blobImages(context.blobs) };
}

function resultOf(shown: string, undo: Undo): ToolResult {
  return { output: `Made ${shown}: ${undo.what}.`, undo };
}
