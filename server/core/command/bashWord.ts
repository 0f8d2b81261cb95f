import type { Word } from './plain.ts';

/** A word that was read and where it ends, or the reason why its value is not known. */
export type ReadWord = { readonly word: Word; readonly end: number } | { readonly reason: string };

/**
 * Reads one word of bash from a place in the text. Only what stands for itself has a value: literal characters,
 * quotes without expansions, escaped characters; a pattern for files keeps its own text.
 */
export function readWord(text: string, start: number): ReadWord {
  let value = '';
  let glob = false;
  let status = false;
  let at = start;
  while (at < text.length && !ends.has(text[at] ?? '')) {
    const piece = readPiece(text, at, start);
    if ('reason' in piece) return piece;
    value += piece.value;
    glob ||= piece.glob ?? false;
    status ||= piece.status ?? false;
    at = piece.end;
  }
  const word = { raw: text.slice(start, at), value, glob };
  return { word: status ? { ...word, status } : word, end: at };
}

/** The characters that end a word. */
export const ends: ReadonlySet<string> = new Set([' ', '\t', '\n', '|', '&', ';', '<', '>', '(', ')']);

type Piece =
  | { readonly value: string; readonly end: number; readonly glob?: boolean; readonly status?: boolean }
  | { readonly reason: string };

function readPiece(text: string, at: number, start: number): Piece {
  const letter = text[at] ?? '';
  switch (letter) {
    case "'":
      return readRaw(text, at);
    case '"':
      return readQuoted(text, at);
    case '\\':
      return readEscape(text, at);
    case '$':
      return text[at + 1] === '?'
        ? { value: '$?', end: at + 2, status: true }
        : { reason: expansionAt(text, at) };
    case '`':
      return { reason: expansionAt(text, at) };
    case '*':
    case '?':
    case '[':
      return { value: letter, end: at + 1, glob: true };
    case '{':
    case '}':
      return readBraces(text, at);
    case '~':
      return /[A-Za-z0-9_^@]/.test(at > start ? (text[at - 1] ?? '') : '')
        ? { value: letter, end: at + 1 }
        : { reason: 'It names a folder by `~`, which the shell replaces.' };
    case '!':
      return at === start && (at + 1 >= text.length || ends.has(text[at + 1] ?? ''))
        ? { value: letter, end: at + 1 }
        : { reason: 'It holds a `!` outside quotes, which a shell may replace.' };
    default:
      return { value: letter, end: at + 1 };
  }
}

/** What begins at a `$` or a backtick. */
function expansionAt(text: string, at: number): string {
  if (text[at] === '`' || text.startsWith('$(', at)) {
    return text.startsWith('$((', at)
      ? 'It calculates a word while it runs.'
      : 'It puts the output of another command into a word.';
  }
  if (text[at + 1] === "'" || text[at + 1] === '"') {
    return 'It writes characters by codes, or words that are translated first.';
  }
  return 'It uses a variable, whose value is not known before it runs.';
}

function readRaw(text: string, at: number): Piece {
  const end = text.indexOf("'", at + 1);
  return end < 0 ? { reason: open } : { value: text.slice(at + 1, end), end: end + 1 };
}

function readQuoted(text: string, start: number): Piece {
  let value = '';
  let status = false;
  for (let at = start + 1; at < text.length; at++) {
    const letter = text[at] ?? '';
    const next = text[at + 1] ?? '';
    if (letter === '"') return { value, end: at + 1, status };
    status ||= letter === '$' && next === '?';
    if (letter === '`' || (letter === '$' && next !== '?' && !harmlessAfterDollar.has(next))) {
      return { reason: expansionAt(text, at) };
    }
    if (letter === '\\' && next === '\n') return { reason: joined };
    if (letter === '\\' && escapable.has(next)) {
      value += next;
      at++;
    } else value += letter;
  }
  return { reason: open };
}

function readEscape(text: string, at: number): Piece {
  const next = text[at + 1];
  if (next === undefined) return { reason: 'It ends with a backslash.' };
  if (next === '\n') return { reason: joined };
  return { value: next, end: at + 2 };
}

/** Braces that the shell leaves alone: `{}` and one name within, as in `stash@{0}`. */
function readBraces(text: string, at: number): Piece {
  const plain = /^\{[A-Za-z0-9_-]*\}/.exec(text.slice(at, at + 40))?.[0];
  return plain
    ? { value: plain, end: at + plain.length }
    : { reason: 'It holds braces, which the shell may turn into several words or commands.' };
}

const open = 'It holds a quote that is not closed.';
const joined = 'It joins two lines with a backslash.';
const escapable: ReadonlySet<string> = new Set(['$', '`', '"', '\\']);
const harmlessAfterDollar: ReadonlySet<string> = new Set(['"', ' ', '|', '/', ')']);
