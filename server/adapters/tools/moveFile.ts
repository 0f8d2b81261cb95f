import path from 'node:path';
import * as z from 'zod';
import type { Reconciliation, Tool, ToolContext } from '../../core/ports/tool.ts';
import { bad, type Failure, failures, good, type Outcome } from '../../protocol/failure.ts';
import { Digest } from '../../protocol/message.ts';
import { Moved, makeFolders } from './files/anchor.ts';
import { removeFolders } from './files/atomicWrite.ts';
import { outOfReach, versionFault } from './files/changing.ts';
import { type Entry, entryEffects, fingerprintOf, readEntry } from './files/entry.ts';
import { movedAway, unreadable } from './files/look.ts';
import { joined, missingFolders } from './files/newFolders.ts';
import { readNote, writeNote } from './files/note.ts';
import { fileEffect, findEntry, isWithin, type Spot } from './files/places.ts';
import { isOneEntry, relocate, settleHalfMoved } from './files/relocate.ts';
import { underAllNames } from './files/rulingLinks.ts';

const Input = z.strictObject({
  from: z.string(),
  to: z.string().describe('its whole new path'),
  version: Digest.optional().describe('as read, of a file'),
});
type Input = z.infer<typeof Input>;

/** What undo of a move wants. */
const Undo = z.strictObject({
  from: z.string(),
  to: z.string(),
  /** What was moved, to the last bit; `null` where it is too much to tell. */
  is: Digest.nullable(),
  /** Folders made for it, outermost first. */
  folders: z.array(z.string()),
});
type Undo = z.infer<typeof Undo>;

/** A move, worked out. */
interface Move {
  readonly entry: Entry;
  readonly to: Spot;
}

/** Moves or renames a file, link or folder to where nothing stands. */
export const moveFile: Tool<Input> = {
  name: 'move_file',
  description: 'Moves or renames a file or folder.',
  input: Input,
  needs: [
    { permission: 'delete', reason: 'Takes the file or folder away from where it was.' },
    { permission: 'write', reason: 'Puts it where the agent says.' },
  ],
  repeatable: false,
  async plan(input, context) {
    const spots = await spotsOf(input, context);
    if (!spots.ok) return spots;
    const { from, to } = spots.value;
    const title = `Move ${from.shown} to ${to.shown}`;
    const away = [from, to].some(({ place }) => place === 'outside');
    if (away) {
      const effects = [fileEffect('delete', from), fileEffect('write', to)];
      return good({ title, effects, exactly: [from.path, to.path], preview: null });
    }
    const move = await moveOf(input, spots.value, context);
    if (!move.ok) return move;
    const { entry } = move.value;
    const effects = [
      ...entryEffects('delete', await underAllNames(from, context), entry, context.workspace),
      ...entryEffects('write', await underAllNames(to, context), entry, context.workspace),
    ];
    return good({ title, effects, exactly: exactlyOf(move.value), preview: null });
  },
  async run(input, plan, context) {
    const spots = await spotsOf(input, context);
    if (!spots.ok) return spots;
    for (const spot of Object.values(spots.value))
      if (spot.place === 'outside') return bad(outOfReach(spot.shown));
    const move = await moveOf(input, spots.value, context);
    if (!move.ok) return move;
    const { from, to } = spots.value;
    if (JSON.stringify(exactlyOf(move.value)) !== JSON.stringify(plan.exactly)) return bad(changed(from));
    if (context.signal.aborted) return bad(failures.cancelled(`${from.shown} was not moved.`));
    const is = fingerprintOf(move.value.entry);
    const folders = await missingFolders(path.dirname(to.path));
    const undo: Undo = { from: from.path, to: to.path, is, folders };
    await writeNote(context, undo);
    const moved = await carry(from, to);
    return moved.ok ? good(resultOf(from, to, undo)) : moved;
  },
  undo: async (given, context) => {
    const undo = Undo.parse(given);
    const gone = await goWay(undo.to, undo.from, undo, context);
    if (gone.ok) await removeFolders(undo.folders);
    return gone;
  },
  redo: async (given, context) => {
    const undo = Undo.parse(given);
    const missing = await missingFolders(path.dirname(undo.to));
    const gone = await goWay(undo.from, undo.to, undo, context);
    return gone.ok ? good({ ...undo, folders: joined(undo.folders, missing) } satisfies Undo) : gone;
  },
  reconcile: askTheDisk,
};

/** Where a move begins and where it leads; a link is moved as a link. */
async function spotsOf(input: Input, context: ToolContext): Promise<Outcome<{ from: Spot; to: Spot }>> {
  const from = await findEntry(input.from, context, 'from');
  if (!from.ok) return from;
  const to = await findEntry(input.to, context, 'to');
  return to.ok ? good({ from: from.value, to: to.value }) : to;
}

async function moveOf(
  input: Input,
  { from, to }: { from: Spot; to: Spot },
  context: ToolContext,
): Promise<Outcome<Move>> {
  const entry = await readEntry(from, context, 'from');
  if (!entry.ok) return entry;
  const own = [...(entry.value.things?.values() ?? [])][0];
  const stands = own?.kind === 'file' ? own.digest : undefined;
  const fault = input.version && versionFault(from.shown, input.version, stands);
  if (fault) return fault;
  const isInside = isWithin(to.path, from.path) && path.dirname(to.path) !== path.dirname(from.path);
  if (from.path === to.path || isInside) {
    return bad(failures.invalid('to', `"to": ${to.shown} lies in what is moved.`, 'Choose another place.'));
  }
  if (to.exists && !(await isOneEntry(from.path, to.path))) return bad(taken(to));
  return good({ entry: entry.value, to });
}

function exactlyOf({ entry, to }: Move) {
  return { from: entry.spot.path, to: to.path, is: fingerprintOf(entry), names: entry.names.length };
}

function resultOf(from: Spot, to: Spot, undo: Undo) {
  return { output: `Moved ${from.shown} to ${to.shown}.`, undo };
}

/** Moves what was moved once more, the other way or the same, if it stands as it was left and the place is free. */
async function goWay(from: string, to: string, { is }: Undo, context: ToolContext): Promise<Outcome<void>> {
  await settleHalfMoved(from, to);
  const [source, goal] = [await findEntry(from, context), await findEntry(to, context)];
  if (!source.ok) return source;
  if (!goal.ok) return goal;
  if (source.value.path !== from) return bad(movedAway(source.value));
  if (goal.value.path !== to) return bad(movedAway(goal.value));
  const spot = source.value.exists ? source.value : goal.value;
  const entry = await readEntry(spot, context);
  if (!entry.ok) return bad(changed(spot));
  if (is !== null && fingerprintOf(entry.value) !== is) return bad(changed(spot));
  if (!source.value.exists) return good(undefined);
  if (goal.value.exists && !(await isOneEntry(from, to))) return bad(taken(goal.value));
  return carry(source.value, goal.value);
}

async function carry(from: Spot, to: Spot): Promise<Outcome<void>> {
  try {
    const folders = await makeFolders(path.dirname(to.path));
    await relocate(from.path, to.path).catch(async (error: unknown) => {
      await removeFolders(folders);
      throw error;
    });
    return good(undefined);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof Moved) return bad(movedAway(from));
    if (code === 'EEXIST' || code === 'ENOTEMPTY') return bad(taken(to));
    if (code === 'EXDEV') {
      return bad(failures.tool(`${to.shown} is on another disk.`, 'Write it there and delete it here.'));
    }
    const failure = unreadable(from, error);
    return failure.ok ? bad(changed(from)) : failure;
  }
}

async function askTheDisk(input: Input, context: ToolContext): Promise<Reconciliation> {
  const spots = await spotsOf(input, context);
  const noted = Undo.safeParse(await readNote(context));
  if (!spots.ok) return { state: 'unknown' };
  if (!noted.success) return { state: spots.value.from.exists ? 'notDone' : 'unknown' };
  const undo = noted.data;
  await settleHalfMoved(undo.from, undo.to);
  const [from, to] = [await findEntry(undo.from, context), await findEntry(undo.to, context)];
  if (!from.ok || !to.ok || from.value.exists === to.value.exists) return { state: 'unknown' };
  if (to.value.exists) return { state: 'done', result: resultOf(from.value, to.value, undo) };
  await removeFolders(undo.folders);
  return { state: 'notDone' };
}

function taken(to: Spot): Failure {
  return failures.conflict(`${to.shown} exists already.`, 'Choose another name, or delete that first.');
}

function changed(from: Spot): Failure {
  return failures.conflict(`${from.shown} changed since it was looked at.`, 'Look at it again.');
}
