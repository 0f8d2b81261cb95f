import path from 'node:path';
import * as z from 'zod';
import type { Reconciliation, ToolContext, ToolPlan, ToolResult } from '../../../core/ports/tool.ts';
import { bad, type Failure, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { Digest } from '../../../protocol/message.ts';
import { makeFolders } from './anchor.ts';
import { type NewFile, removeFolders, sweep, writeAtomically } from './atomicWrite.ts';
import { digestOf, look, type Seen, unreadable } from './look.ts';
import { missingFolders } from './newFolders.ts';
import { readNote, writeNote } from './note.ts';
import { fileEffect, findSpot, type Spot } from './places.ts';
import { decode, encode, type FormedText } from './textForm.ts';

/** The change of one text, worked out. */
export interface Change {
  readonly spot: Spot;
  readonly before: Seen | null;
  readonly after: FormedText;
}

/** What undo of a change wants. */
export const Undo = z.strictObject({
  path: z.string(),
  /** The blob of what stood there; `null` where there was nothing. */
  before: Digest.nullable(),
  /** Digests of what we left: as bytes on disk, and as text. */
  after: Digest,
  afterText: Digest,
  /** Whether it went through the editor; then `before` is the text in UTF-8. */
  open: z.boolean(),
  mode: z.int(),
  /** Folders made for it, outermost first. */
  folders: z.array(z.string()),
});
export type Undo = z.infer<typeof Undo>;

/** What is noted of a change before it is made, where it makes folders. */
const Begun = Undo.pick({ folders: true });
type Begun = z.infer<typeof Begun>;

/** The plan of a change: its title, effect, and before and after as digests and as a diff. */
export function planOf(change: Change, verb: string): ToolPlan {
  const { spot, before, after } = change;
  return {
    title: `${verb} ${spot.shown}`,
    effects: [fileEffect('write', spot)],
    exactly: exactlyOf(change),
    preview: { kind: 'diff', path: spot.shown, before: before?.text ?? null, after: after.text },
  };
}

/** The plan of touching what is not ours to look at: the policy decides by its effect alone. */
export function blindPlan(verb: string, kind: 'read' | 'write' | 'delete', spot: Spot, rest = ''): ToolPlan {
  return {
    title: `${verb} ${spot.shown}${rest}`,
    effects: [fileEffect(kind, spot)],
    exactly: spot.path,
    preview: null,
  };
}

/** Makes the change, if it is still the one that was planned. */
export async function makeChange(
  change: Change,
  plan: ToolPlan,
  context: ToolContext,
): Promise<Outcome<ToolResult>> {
  const { spot, before, after } = change;
  if (JSON.stringify(exactlyOf(change)) !== JSON.stringify(plan.exactly)) return bad(changedSince(spot));
  if (before) await context.blobs.put(before.bytes);
  if (context.signal.aborted) return bad(failures.cancelled(`${spot.shown} was not written.`));
  const undo = { path: spot.path, before: before?.version ?? null, mode: before?.mode ?? 0o644 };
  if (before?.open) {
    const accepted = await context.editor?.applyText(spot.path, after.text, plan.title);
    if (!accepted)
      return bad(failures.conflict(`The editor did not take the change of ${spot.shown}.`, 'Try again.'));
    const text = context.editor?.openText(spot.path) ?? after.text;
    const digest = digestOf(text);
    return good(resultOf(change, { ...undo, after: digest, afterText: digest, open: true, folders: [] }));
  }
  const missing = before ? [] : await missingFolders(path.dirname(spot.path));
  if (missing.length > 0) await writeNote(context, { folders: missing } satisfies Begun);
  const bytes = encode(after);
  const still = async () => {
    const now = await look(spot, { editor: null });
    return now.ok && (now.value?.version ?? null) === (before?.version ?? null);
  };
  const { execution } = context;
  const written = await writeTo(spot, {
    path: spot.path,
    bytes,
    mode: before?.mode ?? null,
    execution,
    still,
  });
  if (!written.ok) return written;
  const digests = { after: digestOf(bytes), afterText: digestOf(after.text) };
  const mode = before?.mode ?? (await modeMade(spot));
  return good(resultOf(change, { ...undo, ...digests, mode, open: false, folders: written.value }));
}

/** Asks the disk whether the change was made; `intended` is the text that it makes of what stood there before. */
export async function reconcileChange(
  input: { path: string; version?: string | undefined },
  intended: (before: FormedText | null) => FormedText | null,
  context: ToolContext,
): Promise<Reconciliation> {
  const spot = await findSpot(input.path, context);
  if (!spot.ok) return { state: 'unknown' };
  await sweep(spot.value.path, context.execution);
  const seen = await look(spot.value, context);
  if (!seen.ok) return { state: 'unknown' };
  const before = input.version ?? null;
  const { folders } = Begun.safeParse(await readNote(context)).data ?? { folders: [] };
  if ((seen.value?.version ?? null) === before) {
    await removeFolders(folders);
    return { state: 'notDone' };
  }
  const image = before === null ? null : await context.blobs.get(before);
  if (!seen.value || (before !== null && !image)) return { state: 'unknown' };
  const after = intended(image && decode(image));
  if (after?.text !== seen.value.text) return { state: 'unknown' };
  const undo = {
    path: spot.value.path,
    before,
    after: seen.value.version,
    afterText: digestOf(seen.value.text),
    open: seen.value.open,
    mode: seen.value.mode,
    folders,
  };
  return { state: 'done', result: resultOf({ spot: spot.value, before: null, after }, undo) };
}

/** The rights that a new file has by what this machine gives, so that it has no others when it is made again. */
async function modeMade(spot: Spot): Promise<number> {
  const made = await look(spot, { editor: null });
  return (made.ok && made.value?.mode) || 0o600;
}

function exactlyOf({ spot, before, after }: Change) {
  return { path: spot.path, before: before?.version ?? null, after: digestOf(encode(after)) };
}

function resultOf({ spot }: Change, undo: Undo): ToolResult {
  return { output: `Wrote ${spot.shown}; its version is now ${undo.after}.`, undo };
}

async function writeTo(spot: Spot, file: NewFile): Promise<Outcome<string[]>> {
  try {
    const folders = await makeFolders(path.dirname(spot.path));
    await writeAtomically(file);
    return good(folders);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return bad(changedSince(spot));
    const failure = unreadable(spot, error);
    return failure.ok ? bad(changedSince(spot)) : failure;
  }
}

function changedSince(spot: Spot): Failure {
  return failures.conflict(
    `${spot.shown} changed since it was looked at.`,
    'Read it again, then repeat the change.',
  );
}
