import type { Transcript } from '../protocol/transcript.ts';

/** The tool that reads the rest of a long result. */
export const readOutputName = 'read_output';

/** How a long result is told. */
export interface Telling {
  /** The longest that is told whole, in characters. */
  readonly longest: number;
  /** Whether the rest can be read, with `read_output`. */
  readonly readable: boolean;
}

/** The part of a long result that is told of its beginning; its end is told as well, for errors stand there. */
const headShare = 0.6;

/**
 * A result as a model is told of it: whole where it is short, else its beginning and its end, cut at lines where
 * there are any, with what was left out and how to read it. The journal keeps all of it.
 */
export function toldOutput(call: string, output: string, { longest, readable }: Telling): string {
  if (output.length <= longest) return output;
  const head = wholeLines(output.slice(0, Math.floor(longest * headShare)), 'end');
  const tail = wholeLines(output.slice(output.length - Math.floor(longest * (1 - headShare))), 'start');
  const first = linesIn(head) + 1;
  const last = linesIn(output.slice(0, output.length - tail.length - 1)) + 1;
  const left = output.length - head.length - tail.length;
  const where = last > first ? `lines ${first} to ${last}` : `in line ${first}`;
  const how = readable ? `; read them with ${readOutputName}, call "${call}"` : '';
  return `${head}${lineEnd(head)}[… ${left} characters left out, ${where}${how} …]\n${tail}`;
}

/** A range of a result, in lines or characters counted from 1, both ends included. */
export interface Range {
  readonly from: number;
  readonly to?: number | undefined;
  readonly by: 'lines' | 'characters';
}

/** The longest piece that one reading gives, in characters. */
export const longestPiece = 20_000;

/** A range of a result with a line before it that says what it is; cut where it is longer than one piece. */
export function pieceOf(output: string, { from, to, by }: Range): string {
  const lines = by === 'lines' ? output.split('\n') : null;
  const total = lines ? lines.length : output.length;
  if (from > total) return `There are ${total} ${by}.`;
  const end = Math.min(Math.max(from, to ?? total), total);
  const wanted = lines ? lines.slice(from - 1, end).join('\n') : output.slice(from - 1, end);
  if (wanted.length <= longestPiece) return `${by} ${from} to ${end} of ${total}\n${wanted}`;
  const piece = lines
    ? wholeLines(wanted.slice(0, longestPiece), 'end').replace(/\n$/, '')
    : wanted.slice(0, longestPiece);
  const last = from + (lines ? linesIn(piece) : piece.length - 1);
  return `${by} ${from} to ${last} of ${total}\n${piece}\n[… cut; read on from there …]`;
}

/** The whole result of a call, the newest of its id, and before all of this job; `null` where there is none. */
export function wholeOutput({ turns }: Transcript, call: string, job: string): string | null {
  const found = turns.flatMap((turn) =>
    turn.kind === 'assistant'
      ? turn.calls.flatMap((one) =>
          one.call === call && one.output !== null ? [{ own: turn.job === job, output: one.output }] : [],
        )
      : [],
  );
  return (found.findLast(({ own }) => own) ?? found.at(-1))?.output ?? null;
}

/** Without the line that the cut went through, where more than half is left. */
function wholeLines(text: string, cutAt: 'start' | 'end'): string {
  const at = cutAt === 'end' ? text.lastIndexOf('\n') + 1 : text.indexOf('\n') + 1;
  const kept = cutAt === 'end' ? text.slice(0, at) : text.slice(at);
  return at > 0 && kept.length > text.length / 2 ? kept : text.toWellFormed();
}

function linesIn(text: string): number {
  return text.split('\n').length - 1;
}

function lineEnd(text: string): string {
  return text.endsWith('\n') ? '' : '\n';
}
