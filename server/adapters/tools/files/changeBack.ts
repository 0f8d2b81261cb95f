import path from 'node:path';
import type { Difference, ToolContext } from '../../../core/ports/tool.ts';
import { bad, type Failure, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { Moved, makeFolders } from './anchor.ts';
import { removeFile, removeFolders, sweep, writeAtomically } from './atomicWrite.ts';
import { Undo } from './change.ts';
import { textOf } from './differences.ts';
import { digestOf, look, movedAway, type Seen, unreadable } from './look.ts';
import { joined } from './newFolders.ts';
import { findSpot, type Spot } from './places.ts';
import { decode, encode, plainForm } from './textForm.ts';
import type { Way } from './turn.ts';

/** Puts back what stood there before, if what stands there now is what we left; that is kept, to be done again. */
export async function undoChange(given: unknown, context: ToolContext): Promise<Outcome<void>> {
  const undo = Undo.parse(given);
  const found = await lookBack(undo, context);
  if (!found.ok) return found;
  const { spot, seen } = found.value;
  if (isAsBefore(seen, undo)) return good(await removeFolders(undo.before === null ? undo.folders : []));
  if (!seen || !isAsLeft(seen, undo)) return bad(changedAfter(spot));
  await context.blobs.put(seen.bytes);
  if (undo.open || seen.open) await context.blobs.put(Buffer.from(seen.text, 'utf8'));
  if (undo.before === null) return guarded(spot, () => removeFile(undo.path, undo.folders));
  const image = await context.blobs.get(undo.before);
  return image ? replace(spot, seen, { ...undo, image, verb: 'Undo' }, context) : bad(imageGone);
}

/** Makes the change once more, if what stands there is what stood there before it; answers what undoing it wants. */
export async function redoChange(given: unknown, context: ToolContext): Promise<Outcome<unknown>> {
  const undo = Undo.parse(given);
  const found = await lookBack(undo, context);
  if (!found.ok) return found;
  const { spot, seen } = found.value;
  if (seen && isAsLeft(seen, undo)) return good(undo);
  if (!isAsBefore(seen, undo)) return bad(changedAfter(spot));
  const image = await context.blobs.get(undo.open || seen?.open ? undo.afterText : undo.after);
  if (!image) return bad(imageGone);
  if (seen) {
    const open = undo.open || seen.open;
    const done = await replace(spot, seen, { ...undo, open, image, verb: 'Redo' }, context);
    return done.ok ? good(undo) : done;
  }
  const still = async () => !(await findSpot(undo.path, context).then((one) => one.ok && one.value.exists));
  const { execution } = context;
  let folders: string[] = [];
  const made = await guarded(spot, async () => {
    folders = await makeFolders(path.dirname(undo.path));
    const file = { path: undo.path, bytes: image, mode: undo.mode, fresh: true };
    await writeAtomically({ ...file, execution, still });
  });
  return made.ok ? good({ ...undo, folders: joined(undo.folders, folders) } satisfies Undo) : made;
}

/** What stands there against what taking the change back, or making it again, would bring. */
export async function changeDifferences(
  given: unknown,
  context: ToolContext,
  way: Way,
): Promise<Difference[]> {
  const undo = Undo.parse(given);
  const found = await lookBack(undo, context);
  if (!found.ok) return [];
  const { spot, seen } = found.value;
  if (isAsBefore(seen, undo) || (seen && isAsLeft(seen, undo))) return [];
  const wanted = way === 'undo' ? undo.before : undo.after;
  const after = textOf(wanted === null ? null : await context.blobs.get(wanted));
  const before = textOf(seen?.bytes ?? null);
  if (before === undefined || after === undefined) return [];
  return [{ path: spot.shown, before, after }];
}

async function lookBack(
  undo: Undo,
  context: ToolContext,
): Promise<Outcome<{ spot: Spot; seen: Seen | null }>> {
  const spot = await findSpot(undo.path, context);
  if (!spot.ok) return spot;
  if (spot.value.path !== undo.path) return bad(movedAway(spot.value));
  await sweep(undo.path, context.execution);
  const seen = await look(spot.value, context);
  return seen.ok ? good({ spot: spot.value, seen: seen.value }) : bad(changedAfter(spot.value));
}

function isAsLeft(seen: Seen, undo: Undo): boolean {
  return seen.open || undo.open ? digestOf(seen.text) === undo.afterText : seen.version === undo.after;
}

function isAsBefore(seen: Seen | null, undo: Undo): boolean {
  if (!seen || undo.before === null) return seen === null && undo.before === null;
  if (seen.version === undo.before) return true;
  return (seen.open || undo.open) && digestOf(seen.text) === undo.before;
}

/** Puts an image in the place of what stands there; of an open document the image is its text in UTF-8. */
async function replace(
  spot: Spot,
  seen: Seen,
  { image, verb, ...undo }: Undo & { image: Uint8Array; verb: 'Undo' | 'Redo' },
  context: ToolContext,
): Promise<Outcome<void>> {
  const old = undo.open ? { text: Buffer.from(image).toString('utf8'), form: plainForm } : decode(image);
  if (seen.open) {
    const accepted = old && (await context.editor?.applyText(spot.path, old.text, `${verb} ${spot.shown}`));
    return accepted
      ? good(undefined)
      : bad(failures.conflict(`The editor did not take ${spot.shown} back.`, 'Try again.'));
  }
  const bytes = undo.open && old ? encode({ text: old.text, form: seen.form }) : image;
  const mode = undo.open ? seen.mode : undo.mode;
  const still = async () => {
    const now = await look(spot, { editor: null });
    return now.ok && now.value?.version === seen.version;
  };
  return guarded(spot, () =>
    writeAtomically({ path: spot.path, bytes, mode, execution: context.execution, still }),
  );
}

async function guarded(spot: Spot, act: () => Promise<void>): Promise<Outcome<void>> {
  try {
    return good(await act());
  } catch (error) {
    if (error instanceof Moved) return bad(movedAway(spot));
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return bad(changedAfter(spot));
    const failure = unreadable(spot, error);
    return failure.ok ? bad(changedAfter(spot)) : failure;
  }
}

const imageGone = failures.conflict(
  'The text that was there is not kept any more.',
  'Take it from your backup.',
);

function changedAfter(spot: Spot): Failure {
  return failures.conflict(
    `${spot.shown} was changed after the butler wrote it.`,
    'It was left as it is; compare it and change it by hand.',
  );
}
