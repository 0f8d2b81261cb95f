import { ends, readWord } from './bashWord.ts';
import type { Plain, PlainCommand, Redirection, Word } from './plain.ts';

/**
 * Reads a bash command line letter by letter as far as it is plain programs, joined by `;`, `&&`, `||`, `|` or line
 * breaks. It is the second reader beside the grammar: what the two do not read alike is not understood.
 */
export function readPlainBash(text: string): Plain {
  const state: State = { text, at: 0, commands: [], after: '', current: empty(), heredoc: null };
  while (state.at < text.length) {
    const reason = step(state);
    if (reason) return { kind: 'unclear', reasons: [reason] };
  }
  const reason = endCommand(state, '\n') ?? (joins.has(state.after) ? 'It ends in the middle.' : null);
  if (reason || state.heredoc) return { kind: 'unclear', reasons: [reason ?? noEnd] };
  return { kind: 'plain', commands: state.commands };
}

interface State {
  readonly text: string;
  at: number;
  readonly commands: PlainCommand[];
  after: string;
  current: Building;
  /** The here-document whose lines follow, by its closing line, and whether the shell leaves its text alone. */
  heredoc: { readonly end: string; readonly literal: boolean } | null;
}

interface Building {
  readonly assignments: Word[];
  readonly words: Word[];
  readonly redirections: Redirection[];
}

function empty(): Building {
  return { assignments: [], words: [], redirections: [] };
}

/** Reads on by one token; the reason why it cannot, or `null`. */
function step(state: State): string | null {
  const { text, at } = state;
  const letter = text[at] ?? '';
  if (letter === ' ' || letter === '\t') return skip(state, 1);
  if (letter === '#') {
    const end = text.indexOf('\n', at);
    return skip(state, (end < 0 ? text.length : end) - at);
  }
  if (letter === '\n') {
    const reason = isEmpty(state.current) && joins.has(state.after) ? null : endCommand(state, '\n');
    state.at++;
    return reason ?? readHeredoc(state);
  }
  const redirection = redirectionAt.exec(text.slice(at, at + 40));
  if (redirection) return readRedirection(state, redirection);
  const operator = operators.find((one) => text.startsWith(one, at));
  if (operator) {
    state.at += operator.length;
    return endCommand(state, operator);
  }
  return ends.has(letter) ? (letter === '&' ? behind : grouped) : readOne(state);
}

const operators = ['&&', '||', '|&', '|', ';'];
const joins: ReadonlySet<string> = new Set(['&&', '||', '|&', '|']);
const redirectionAt = /^([0-9]*)(&>>|&>|<<<|<<-|<<|<&|<>|<\(|>\(|<|>>|>&|>\||>)/;
const noEnd = 'It holds a here-document that does not end.';
const behind = 'It leaves a program running behind it.';
const grouped = 'It holds parentheses, by which a shell groups commands or defines functions.';

function skip(state: State, letters: number): null {
  state.at += letters;
  return null;
}

function isEmpty({ assignments, words, redirections }: Building): boolean {
  return assignments.length + words.length + redirections.length === 0;
}

function endCommand(state: State, operator: string): string | null {
  const { current, commands, after } = state;
  if (isEmpty(current)) {
    if (operator === '\n' && !joins.has(after)) return null;
    return 'It holds an operator with no command beside it.';
  }
  const negated = current.words[0]?.raw === '!';
  const words = negated ? current.words.slice(1) : current.words;
  if (words.length === 0) {
    return current.assignments.length > 0
      ? 'It sets variables of the shell itself.'
      : 'It redirects without a program.';
  }
  if (negated && (current.assignments.length > 0 || after.startsWith('|')))
    return 'It holds a `!` in the middle.';
  commands.push({ ...current, words, after, ...(negated ? { negated } : {}) });
  state.after = operator;
  state.current = empty();
  return null;
}

function readOne(state: State): string | null {
  const read = readWord(state.text, state.at);
  if ('reason' in read) return read.reason;
  state.at = read.end;
  if (read.word.raw.endsWith('}') && /[<>]/.test(state.text[read.end] ?? ''))
    return 'It names a stream by a variable.';
  const { words, assignments } = state.current;
  const isFirst = words.length === 0 || (words.length === 1 && words[0]?.raw === '!');
  if (isFirst && /^[A-Za-z_]\w*(\[[^\]]*\])?\+?=/.test(read.word.raw)) {
    if (!/^[A-Za-z_]\w*=/.test(read.word.raw)) return 'It changes a variable in place.';
    assignments.push(read.word);
  } else words.push(read.word);
  return null;
}

function readRedirection(state: State, found: RegExpExecArray): string | null {
  const [whole, descriptor = '', operator = ''] = found;
  if (!/^[012]?$/.test(descriptor) || (descriptor && operator.startsWith('&'))) {
    return 'It redirects something else than input, output or errors.';
  }
  if (refused[operator]) return refused[operator];
  state.at += whole.length;
  while (state.text[state.at] === ' ' || state.text[state.at] === '\t') state.at++;
  const read = readWord(state.text, state.at);
  if ('reason' in read) return read.reason;
  if (read.word.raw === '') return 'It redirects to nothing.';
  state.at = read.end;
  if (operator === '>&' && !/^[12]$/.test(read.word.raw))
    return 'It redirects in a way that is not understood.';
  state.current.redirections.push({ operator, descriptor, target: read.word });
  return operator === '<<' ? openHeredoc(state, read.word) : null;
}

const refused: Readonly<Record<string, string>> = {
  '<<-': 'It holds a here-document whose text the shell changes.',
  '<&': 'It redirects in a way that is not understood.',
  '<>': 'It redirects in a way that is not understood.',
  '<(': 'It reads from another command as if it were a file.',
  '>(': 'It writes to another command as if it were a file.',
};

function openHeredoc(state: State, { raw, value }: Word): string | null {
  if (state.heredoc) return 'It holds two here-documents on one line.';
  if (!/^(\w+|'\w+'|"\w+")$/.test(raw)) return 'It holds a here-document with an unusual end.';
  state.heredoc = { end: value, literal: raw !== value };
  return null;
}

/** Passes over the lines of a here-document, after the line that opens it. */
function readHeredoc(state: State): string | null {
  if (!state.heredoc) return null;
  const { end, literal } = state.heredoc;
  state.heredoc = null;
  while (state.at < state.text.length) {
    const stop = state.text.indexOf('\n', state.at);
    const line = state.text.slice(state.at, stop < 0 ? state.text.length : stop);
    state.at = stop < 0 ? state.text.length : stop + 1;
    if (line === end) return null;
    if (!literal && /[$`\\]/.test(line)) return 'It holds a here-document whose text the shell changes.';
  }
  return noEnd;
}
