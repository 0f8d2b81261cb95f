import { failures } from '../../../protocol/failure.ts';
import { refuse } from '../github/refused.ts';
import { oneLine, published } from '../github/words.ts';

/** The longest description that GitHub takes, in characters. */
const longest = 256;

/** The description of a new gist: its title, and the mark of its execution. */
export function newDescription(title: string, execution: string): string {
  const mark = markOf(execution);
  const words = oneLine(title).slice(0, longest - 1 - mark.length);
  return `${words.toWellFormed()} ${mark}`.trim();
}

/** A person's description with the mark of an execution at its end, in place of that of an earlier one. */
export function markedDescription(description: string, execution: string): string {
  const words = description.replace(ourMark, '');
  const mark = markOf(execution);
  const room = longest - 1 - mark.length;
  if (words.length <= room) return words === '' ? mark : `${words} ${mark}`;
  const what = 'The description of the gist leaves no room for the mark of the publication.';
  return refuse(failures.conflict(what, `Shorten it to ${room} characters, or publish a new gist.`));
}

/** Whether a description bears the mark of an execution. */
export function isMarked(description: string | null, execution: string): boolean {
  return description?.endsWith(markOf(execution)) ?? false;
}

const ourMark = new RegExp(` ?\\(${published}: [^()]*\\)$`);

function markOf(execution: string): string {
  return `(${published}: ${execution})`;
}
