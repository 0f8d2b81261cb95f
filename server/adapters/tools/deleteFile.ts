import * as z from 'zod';
import type { Tool, ToolContext, ToolPlan } from '../../core/ports/tool.ts';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import { Digest } from '../../protocol/message.ts';
import { fromBytes, shownName } from './files/bytePath.ts';
import { blindPlan } from './files/change.ts';
import { outOfReach, versionFault } from './files/changing.ts';
import { differencesOf } from './files/differences.ts';
import { blobImages, type Entry, entryEffects, fingerprintOf, kept, readEntry } from './files/entry.ts';
import { unreadable } from './files/look.ts';
import { readNote, writeNote } from './files/note.ts';
import { findEntry, type Spot } from './files/places.ts';
import { removeTree } from './files/removeTree.ts';
import { underAllNames } from './files/rulingLinks.ts';
import { contentAt, Step } from './files/things.ts';
import { type TurnParts, turn } from './files/turn.ts';

const Input = z.strictObject({
  path: z.string(),
  version: Digest.optional().describe('as read, of a file'),
});
type Input = z.infer<typeof Input>;

/** What undo wants: the blob of the steps, which name the blobs of all that was taken away. */
const Undo = z.strictObject({ steps: Digest });

/** Takes away a file, link or folder; what is not too much is kept and can be put back. */
export const deleteFile: Tool<Input> = {
  name: 'delete_file',
  description: 'Deletes a file or folder; undoable.',
  input: Input,
  needs: [{ permission: 'delete', reason: 'Deletes the file or folder that the agent names.' }],
  repeatable: false,
  async plan(input, context) {
    const found = await entryOf(input, context);
    if (!found.ok) return found;
    if ('path' in found.value) return good(blindPlan('Delete', 'delete', found.value));
    const spot = await underAllNames(found.value.spot, context);
    return good(planOf({ ...found.value, spot }, context));
  },
  async run(input, plan, context) {
    const found = await entryOf(input, context);
    if (!found.ok) return found;
    if ('path' in found.value) return bad(outOfReach(found.value.shown));
    const { spot, things } = found.value;
    if (JSON.stringify(exactlyOf(found.value)) !== JSON.stringify(plan.exactly)) {
      return bad(failures.conflict(`${spot.shown} changed since it was looked at.`, 'Look at it again.'));
    }
    const output = `Deleted ${spot.shown}.`;
    if (context.signal.aborted) return bad(failures.cancelled(`${spot.shown} was not deleted.`));
    if (!things) {
      const removed = await removeAll(spot);
      return removed.ok ? good({ output: `${output} It was too much to be kept.` }) : removed;
    }
    const steps = await keep(found.value, context);
    if (!steps) return bad(failures.conflict(`${spot.shown} changes just now.`, 'Look at it again.'));
    const undo = { steps: await context.blobs.put(Buffer.from(JSON.stringify(steps))) };
    await writeNote(context, undo);
    const gone = await turn(steps, 'redo', partsOf(context));
    return gone.ok ? good({ output, undo }) : gone;
  },
  undo: (undo, context) => go(undo, 'undo', context),
  redo: async (undo, context) => {
    const gone = await go(undo, 'redo', context);
    return gone.ok ? good(undo) : gone;
  },
  differences: async (undo, context, way) => {
    const steps = await stepsOf(undo, context);
    return steps ? differencesOf(steps, way, partsOf(context)) : [];
  },
  async reconcile(input, context) {
    const undo = Undo.safeParse(await readNote(context));
    const spot = await findEntry(input.path, context);
    if (!spot.ok) return { state: 'unknown' };
    if (!undo.success) return { state: spot.value.exists ? 'notDone' : 'unknown' };
    if (!spot.value.exists) {
      return { state: 'done', result: { output: `Deleted ${spot.value.shown}.`, undo: undo.data } };
    }
    const back = await go(undo.data, 'undo', context);
    return { state: back.ok ? 'notDone' : 'unknown' };
  },
};

async function entryOf(input: Input, context: ToolContext): Promise<Outcome<Entry | Spot>> {
  const spot = await findEntry(input.path, context);
  if (!spot.ok || spot.value.place === 'outside') return spot;
  const entry = await readEntry(spot.value, context);
  if (!entry.ok || input.version === undefined) return entry;
  const own = [...(entry.value.things?.values() ?? [])][0];
  const stands = own?.kind === 'file' ? own.digest : undefined;
  return versionFault(spot.value.shown, input.version, stands) ?? entry;
}

function planOf(entry: Entry, context: ToolContext): ToolPlan {
  const { spot, names, bytes, things, kind } = entry;
  const more = things ? names.length : `more than ${names.length}`;
  const what = kind === 'folder' ? ` with ${more} ${names.length === 1 ? 'thing' : 'things'}` : '';
  const some = names.slice(0, mostShown).map(shownName);
  const rest = names.length > mostShown ? [`… and ${names.length - mostShown} more`] : [];
  const end = things ? `${bytes} bytes; can be undone.` : 'Too much to be kept: this cannot be undone.';
  return {
    title: `Delete ${spot.shown}${kind === 'folder' ? '/' : ''}${what}`,
    effects: entryEffects('delete', spot, entry, context.workspace),
    exactly: exactlyOf(entry),
    preview: { kind: 'text', text: [...some, ...rest, '', end].join('\n') },
  };
}

const mostShown = 50;

function exactlyOf(entry: Entry) {
  const rest = entry.things ? {} : { names: entry.names.length, limit: kept.names };
  return { path: entry.spot.path, is: fingerprintOf(entry), ...rest };
}

/** Keeps the bytes of everything in an entry; `null` where it is not what it was a moment ago. */
async function keep({ things }: Entry, context: ToolContext): Promise<Step[] | null> {
  const images = blobImages(context.blobs);
  const steps: Step[] = [];
  for (const [name, thing] of things ?? []) {
    steps.push({ name, before: thing, after: null });
    if (thing.kind === 'folder') continue;
    const now = await contentAt(fromBytes(context.workspace, name), images);
    if (!now || now === 'other' || (await context.blobs.put(now.bytes)) !== thing.digest) return null;
  }
  return steps;
}

async function removeAll(spot: Spot): Promise<Outcome<null>> {
  try {
    await removeTree(spot.path);
    return good(null);
  } catch (error) {
    return unreadable(spot, error);
  }
}

async function stepsOf(given: unknown, { blobs }: ToolContext): Promise<Step[] | null> {
  const bytes = await blobs.get(Undo.parse(given).steps);
  return bytes && z.array(Step).parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
}

async function go(given: unknown, way: 'undo' | 'redo', context: ToolContext): Promise<Outcome<void>> {
  const steps = await stepsOf(given, context);
  if (steps) return turn(steps, way, partsOf(context));
  return bad(failures.conflict('What was deleted is not kept any more.', 'Take it from your backup.'));
}

function partsOf(context: ToolContext): TurnParts {
  return { ...context, root: context.workspace, images: blobImages(context.blobs) };
}
