import * as z from 'zod';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { type FormedText, lineEnd, withLineEnds } from '../../tools/files/textForm.ts';

/** One piece of a text, and what is to stand in its place. */
export const Edit = z.looseObject({ oldText: z.string().min(1), newText: z.string() });
export type Edit = z.infer<typeof Edit>;

/** The text with every piece replaced; each must stand in it once, and no two may overlap. */
export function edited(before: FormedText, edits: readonly Edit[]): Outcome<FormedText> {
  const end = lineEnd(before.text);
  const places: { from: number; to: number; text: string }[] = [];
  for (const { oldText, newText } of edits) {
    const piece = [oldText, withLineEnds(oldText, end)].find((one) => before.text.includes(one));
    const from = piece === undefined ? -1 : before.text.indexOf(piece);
    if (piece === undefined) return bad(notThere('is not in the file'));
    if (before.text.includes(piece, from + 1)) return bad(notThere('is in the file more than once'));
    places.push({ from, to: from + piece.length, text: withLineEnds(newText, end) });
  }
  places.sort((one, other) => one.from - other.from);
  if (places.some(({ from }, index) => from < (places[index - 1]?.to ?? 0))) {
    return bad(notThere('overlaps with another one'));
  }
  const text = places.reduceRight(
    (whole, place) => whole.slice(0, place.from) + place.text + whole.slice(place.to),
    before.text,
  );
  return good({ text, form: before.form });
}

function notThere(what: string) {
  const shown = `"edits": one "oldText" ${what}.`;
  return failures.invalid(
    'edits',
    shown,
    'Read the lines again and copy them exactly, with more around them.',
  );
}
