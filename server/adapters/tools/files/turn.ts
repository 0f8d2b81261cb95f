import { readdir } from 'node:fs/promises';
import type { Editor } from '../../../core/ports/tool.ts';
import { bad, type Failure, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { Moved } from './anchor.ts';
import { sweep } from './atomicWrite.ts';
import { fromBytes, parentOf, shownName } from './bytePath.ts';
import { makeThing, removeThing, settleMode } from './make.ts';
import { decode } from './textForm.ts';
import { contentAt, type Images, isSame, type Step, type Thing } from './things.ts';

/** The way in which steps are gone: back to what stood before, or forth to what stood after. */
export type Way = 'undo' | 'redo';

/** What going steps needs. */
export interface TurnParts {
  /** Absolute real path of the folder that the names of the steps begin in. */
  readonly root: string;
  readonly images: Images;
  readonly execution: string;
  readonly editor: Editor | null;
  readonly signal: AbortSignal;
}

/** A step that is still to be gone: what stands there, and what is to stand there. */
interface Move {
  readonly name: string;
  readonly from: Thing | null;
  readonly to: Thing | null;
}

/**
 * Goes steps back or forth. Each name must stand as the step left it, or already as it shall be; where one does
 * not, or its bytes are gone, nothing at all is changed. What fails half-way is gone back again.
 */
export async function turn(steps: readonly Step[], way: Way, parts: TurnParts): Promise<Outcome<void>> {
  const moves: Move[] = [];
  const inTheWay: string[] = [];
  await sweepFor(steps, parts);
  for (const step of steps) {
    const move = await moveOf(step, way, parts);
    if (move === 'conflict') inTheWay.push(shownName(step.name));
    else if (move) moves.push(move);
  }
  for (const { name } of await occupied(moves, parts)) inTheWay.push(shownName(name));
  if (inTheWay.length > 0) return bad(changedSince(inTheWay));
  for (const { to } of moves) {
    if (to && to.kind !== 'folder' && !(await isKept(to.digest, parts.images))) return bad(imageGone);
  }
  if (parts.signal.aborted) return bad(failures.cancelled('Nothing was changed.'));
  return go(moves, parts);
}

/** What a step would still change; `null` where it is as it shall be, `conflict` where something else stands. */
export async function moveOf(
  { name, before, after }: Step,
  way: Way,
  { root, images, editor }: Pick<TurnParts, 'root' | 'images' | 'editor'>,
): Promise<Move | 'conflict' | null> {
  const file = fromBytes(root, name);
  const [from, to] = way === 'undo' ? [after, before] : [before, after];
  const found = await contentAt(file, images);
  if (found === 'other') return 'conflict';
  const open = typeof file === 'string' ? (editor?.openText(file) ?? null) : null;
  if (open !== null && (!found || decode(found.bytes)?.text !== open)) return 'conflict';
  const now = found?.thing ?? null;
  if (isSame(now, to)) return null;
  return isSame(now, from) ? { name, from, to } : 'conflict';
}

/** Folders that must give way to something else while they hold what is not ours. */
async function occupied(moves: readonly Move[], { root }: TurnParts): Promise<Move[]> {
  const leaving = new Set(moves.filter(({ to }) => to === null).map(({ name }) => name));
  const found: Move[] = [];
  for (const move of moves) {
    if (move.from?.kind !== 'folder' || move.to === null || move.to.kind === 'folder') continue;
    const names = await readdir(fromBytes(root, move.name), 'latin1').catch(() => []);
    if (names.some((name) => !leaving.has(`${move.name}/${name}`))) found.push(move);
  }
  return found;
}

async function isKept(digest: string, { open }: Images): Promise<boolean> {
  const pieces = await open(digest);
  if (!pieces) return false;
  for await (const _first of pieces) break;
  return true;
}

async function go(moves: readonly Move[], parts: TurnParts): Promise<Outcome<void>> {
  const done: Move[] = [];
  try {
    await goAll(moves, parts, (move) => done.push(move));
    return good(undefined);
  } catch (error) {
    const back = done.map(({ name, from, to }) => ({ name, from: to, to: from }));
    await goAll(back, parts, () => {}).catch(() => {});
    if (error instanceof Moved) return bad(changedSince([]));
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code === 'EEXIST') return bad(changedSince([]));
    return bad(failures.tool(`${message}.`, 'Mend that and try again; nothing was changed.'));
  }
}

/** Takes away from the deepest name up, makes from the highest down, and settles modes of folders last. */
async function goAll(
  moves: readonly Move[],
  { root, images, execution }: TurnParts,
  done: (move: Move) => void,
): Promise<void> {
  const ordered = moves.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  for (const move of ordered.toReversed()) {
    if (!move.from || move.to?.kind === move.from.kind) continue;
    await removeThing(fromBytes(root, move.name), move.from, images);
    done({ ...move, to: null });
  }
  for (const move of ordered) {
    if (!move.to) continue;
    const replaces = move.from?.kind === move.to.kind ? move.from : null;
    await makeThing(fromBytes(root, move.name), move.to, { replaces, images, execution });
    done({ ...move, from: replaces });
  }
  for (const { name, to } of ordered.toReversed()) {
    if (to?.kind === 'folder') await settleMode(fromBytes(root, name), to.mode);
  }
}

/** Takes away what a turn of the same execution left when it was cut off. */
async function sweepFor(steps: readonly Step[], { root, execution }: TurnParts): Promise<void> {
  const seen = new Set<string>();
  for (const { name } of steps) {
    const folder = parentOf(fromBytes(root, name)).toString('latin1');
    if (seen.has(folder)) continue;
    seen.add(folder);
    await sweep(fromBytes(root, name), execution);
  }
}

/** The failure of a world that moved on, naming the first of what is in the way. */
function changedSince(names: readonly string[]): Failure {
  const some = names.slice(0, 3).join(', ');
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  const what = some ? `${some}${more}` : 'Something in its place';
  return failures.conflict(
    `${what} was changed after the butler left it.`,
    'Everything was left as it is; compare it and change it by hand.',
  );
}

const imageGone = failures.conflict(
  'What stood there was deleted from the store.',
  'Take it from your backup.',
);
