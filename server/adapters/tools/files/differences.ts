import type { Difference } from '../../../core/ports/tool.ts';
import { fromBytes, shownName } from './bytePath.ts';
import { decode } from './textForm.ts';
import { contentAt, type Step } from './things.ts';
import { moveOf, type TurnParts, type Way } from './turn.ts';

/** So many texts are shown, and none that is longer; whoever wants all of it looks at the files. */
export const mostDifferences = { files: 10, characters: 50_000 } as const;

/** What stands in the way of going steps, against what would stand there; only texts. */
export async function differencesOf(
  steps: readonly Step[],
  way: Way,
  parts: Pick<TurnParts, 'root' | 'images' | 'editor'>,
): Promise<Difference[]> {
  const found: Difference[] = [];
  for (const step of steps) {
    if (found.length === mostDifferences.files) break;
    if ((await moveOf(step, way, parts)) !== 'conflict') continue;
    const difference = await differenceAt(step, way, parts);
    if (difference) found.push(difference);
  }
  return found;
}

async function differenceAt(
  step: Step,
  way: Way,
  { root, images, editor }: Pick<TurnParts, 'root' | 'images' | 'editor'>,
): Promise<Difference | null> {
  const file = fromBytes(root, step.name);
  const there = await contentAt(file, images);
  const open = typeof file === 'string' ? (editor?.openText(file) ?? null) : null;
  const to = way === 'undo' ? step.before : step.after;
  if (there === 'other' || there?.thing.kind === 'folder' || to?.kind === 'folder') return null;
  const wanted = to && (await images.get(to.digest));
  const before = open ?? textOf(there?.bytes ?? null);
  const after = textOf(wanted);
  if (before === undefined || after === undefined || before === after) return null;
  return { path: shownName(step.name), before, after };
}

/** The text of bytes; `null` where there are none, `undefined` where they are no text or too much of it. */
export function textOf(bytes: Uint8Array | null): string | null | undefined {
  if (!bytes) return null;
  const text = decode(bytes)?.text;
  return text !== undefined && text.length <= mostDifferences.characters ? text : undefined;
}
