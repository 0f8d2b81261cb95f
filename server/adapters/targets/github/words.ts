import type { Parcel } from '../../../core/ports/target.ts';
import type { Config } from './config.ts';

/** The short name of an execution, for names that people see; the whole one stands in the trailer. */
export function branchOf(execution: string): string {
  const plain = execution.toLowerCase().replace(/[^a-z0-9-]/g, '');
  return `butler/${plain.slice(-40)}`;
}

/** The words of a commit, a pull request or a release, with where they come from. */
export function titleOf(config: Config, parcel: Parcel, now: number): string {
  const filled = config.message
    .replaceAll('{title}', () => parcel.title)
    .replaceAll('{date}', dateOf(now).replaceAll('.', '-'));
  return oneLine(filled).slice(0, 250) || 'Publication';
}

/** Words as one line without what cannot be seen. */
export function oneLine(words: string): string {
  return words.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
}

/** The tag of a release. */
export function tagOf(config: Config, now: number): string {
  const time = new Date(now).toISOString().slice(11, 19).replaceAll(':', '');
  return config.tag.replaceAll('{date}', dateOf(now)).replaceAll('{time}', time);
}

/** A title with the lines that carry the execution in the world, and the folder that it went to. */
export function withTrailer(title: string, execution: string, folder?: string): string {
  return `${title}\n\n${published}: ${execution}${folder ? `\n${into}: ${folder}` : ''}`;
}

/** The message of a commit that takes a publication back. */
export function undoing(title: string, execution: string): string {
  return `Take back: ${title}\n\n${undone}: ${execution}`;
}

/** Whether a publication went to a folder; `undefined` is the whole repository. */
export function wentTo(text: string, folder: string | undefined): boolean {
  return linesOf(text, into)[0] === folder;
}

/** Whether a text carries the line of an execution. */
export function carries(text: string | null, execution: string, name: Trailer = published): boolean {
  return (text ?? '').split(/\r?\n/).includes(`${name}: ${execution}`);
}

/** What the lines of a name say. */
export function linesOf(text: string, name: Trailer): string[] {
  const mark = `${name}: `;
  return text.split(/\r?\n/).flatMap((line) => (line.startsWith(mark) ? [line.slice(mark.length)] : []));
}

/** What a commit says of a publication, and what one that takes it back says. */
export const published = 'Butler-Execution';
export const undone = 'Butler-Undoes';
/** Which folder it went to. */
const into = 'Butler-Folder';
type Trailer = typeof published | typeof undone | typeof into;

function dateOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10).replaceAll('-', '.');
}
