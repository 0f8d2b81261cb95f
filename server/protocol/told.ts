/** Tells the worker's English in a person's language; what nobody translated stays as it is. */
export interface Told {
  /** Tells sentences. What is not known may stand before them, as the file that a finding is about. */
  said(text: string): string;
  /** Tells what an act is called, which is one template and nothing else: a name in it is never told as a sentence. */
  titled(text: string): string;
}

/** The longest text that is looked at, in characters; longer ones are no words to a person. */
const longest = 4_000;
/** So many sentences in a row may be one template. */
const mostTogether = 4;
/** So many letters of a template's beginning, or else of its end, lead to it: as many of these as it has. */
const marks = [8, 4, 2, 1] as const;

/**
 * Makes a teller of a dictionary from English templates to translated ones. `{0}` stands for any text, which is
 * kept as it is: what a server, a model or a file brought is never told as something else. `{~0}` stands for words
 * of the worker itself, which are told too. Of several templates that fit, the one with most words of its own does.
 */
export function teller(dictionary: Readonly<Record<string, string>>): Told {
  const known = new Map(Object.entries(dictionary));
  const shelves = new Map<string, Template[]>();
  for (const [english, translated] of known) {
    const template = templateOf(english, translated);
    if (!template) continue;
    const shelf = shelves.get(template.shelf) ?? [];
    shelf.push(template);
    shelves.set(template.shelf, shelf);
  }
  const isLeft = (text: string) => known.size === 0 || text.length > longest;
  const titled = (text: string): string => {
    const found = isLeft(text) ? null : fitting(text, known, shelves);
    return found ? filled(found, part) : text;
  };
  const said = (text: string): string => {
    if (isLeft(text)) return text;
    return known.get(text) ?? toldInParts(text, (one) => fitting(one, known, shelves, true), part);
  };
  const part = (text: string): string => {
    const found = titled(text);
    return found === text ? said(text) : found;
  };
  return { said, titled };
}

interface Template {
  /** What stands before, between and behind the holes. */
  readonly pieces: readonly string[];
  readonly translated: string;
  /** How many letters of its own it has. */
  readonly weight: number;
  readonly shelf: string;
  /** Whether it is a sentence; else it is what an act is called, or a part of a sentence. */
  readonly isSentence: boolean;
}

/** A template that fits a text, with what stands in its holes. */
interface Fit {
  readonly translated: string;
  readonly weight: number;
  readonly holes: readonly string[];
  /** Whether it ends with a hole, so that it takes whatever follows. */
  readonly isOpen: boolean;
}

function templateOf(english: string, translated: string): Template | null {
  const pieces = english.split(/\{\d\}/);
  const [first = '', last = ''] = [pieces[0], pieces.at(-1)];
  if (pieces.length === 1) return null;
  const weight = pieces.join('').length;
  const mark = marks.find((length) => length <= (first || last).length) ?? 0;
  const shelf = first === '' ? behind(last, mark) : before(first, mark);
  return { pieces, translated, weight, shelf, isSentence: /(\.|: \{~?\d\})$/.test(english) };
}

const before = (text: string, length: number) => `^${text.slice(0, length)}`;
const behind = (text: string, length: number) => `$${length === 0 ? '' : text.slice(-length)}`;

/** The shelves on which a template for a text can stand. */
function shelvesFor(text: string): string[] {
  const possible = marks.filter((length) => length <= text.length);
  return [...possible.flatMap((length) => [before(text, length), behind(text, length)]), behind(text, 0)];
}

function fitting(
  text: string,
  known: ReadonlyMap<string, string>,
  shelves: ReadonlyMap<string, readonly Template[]>,
  onlySentences = false,
): Fit | null {
  const whole = known.get(text);
  if (whole !== undefined) return { translated: whole, weight: text.length, holes: [], isOpen: false };
  let best: Fit | null = null;
  for (const shelf of shelvesFor(text)) {
    for (const template of shelves.get(shelf) ?? []) {
      if ((onlySentences && !template.isSentence) || (best && best.weight >= template.weight)) continue;
      const holes = holesIn(text, template.pieces);
      if (holes) best = { ...template, holes, isOpen: template.pieces.at(-1) === '' };
    }
  }
  return best;
}

/** What stands in the holes, each piece looked for once and in order, so that no text takes longer than its length. */
function holesIn(text: string, pieces: readonly string[]): string[] | null {
  const [first = '', last = ''] = [pieces[0], pieces.at(-1)];
  const end = text.length - last.length;
  if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return null;
  const holes: string[] = [];
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const next = text.indexOf(piece, at);
    if (next < 0 || next + piece.length > end) return null;
    holes.push(text.slice(at, next));
    at = next + piece.length;
  }
  return [...holes, text.slice(at, end)];
}

/** The end of a text as a row of templates. */
interface Row {
  readonly weight: number;
  readonly words: readonly string[];
}

/**
 * Tells a text as a row of templates, or as one where there is no such row; else as many of its last sentences as
 * are known, after what is not.
 */
function toldInParts(
  text: string,
  match: (part: string) => Fit | null,
  part: (text: string) => string,
): string {
  const sentences = text.split(/(?<=[.?!:]) (?=\S)/);
  const rows: (Row | null)[] = Array.from(sentences, () => null);
  rows.push({ weight: 0, words: [] });
  let first = sentences.length;
  for (let from = sentences.length - 1; from >= 0; from--) {
    rows[from] = bestRow(from, sentences, rows, match, part);
    if (rows[from]) first = from;
  }
  const whole = first > 0 ? match(text) : null;
  if (whole) return filled(whole, part);
  return [...sentences.slice(0, first), ...(rows[first]?.words ?? [])].join(' ');
}

/** The best row that begins with this sentence. */
function bestRow(
  from: number,
  sentences: readonly string[],
  rows: readonly (Row | null)[],
  match: (part: string) => Fit | null,
  part: (text: string) => string,
): Row | null {
  let best: { found: Fit; after: Row } | null = null;
  const weight = () => (best ? best.found.weight + best.after.weight : 0);
  for (let to = from + 1; to <= Math.min(sentences.length, from + mostTogether); to++) {
    const after = rows[to];
    const found = after ? match(sentences.slice(from, to).join(' ')) : null;
    if (!after || !found || (found.isOpen && to < sentences.length)) continue;
    if (found.weight + after.weight > weight()) best = { found, after };
  }
  return best && { weight: weight(), words: [filled(best.found, part), ...best.after.words] };
}

function filled({ translated, holes }: Fit, tell: (text: string) => string): string {
  return translated.replace(/\{(~?)(\d)\}/g, (_, told: string, at: string) => {
    const hole = holes[Number(at)] ?? '';
    return told ? tell(hole) : hole;
  });
}
