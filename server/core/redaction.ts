import type { Redactor } from './redactor.ts';
import { formsOf, shortestSecret } from './secrets/forms.ts';
import { cleanForms, openKeyIn, removed } from './secrets/patterns.ts';

/** A redactor that comes to know secrets while it works. */
export interface SecretKeeper extends Redactor {
  /** Takes note of secrets of this person; what is too short to be one is passed over. */
  learn(values: readonly (string | null | undefined)[]): void;
  /** Takes out the known secrets only: for what a person or a model means to say word for word. */
  known(text: string): string;
  /** The same in every text of a JSON value; the value itself where there is none. */
  knownIn<T>(value: T): T;
  /** `clean` in every text of a JSON value but the names of its fields. */
  cleanIn<T>(value: T): T;
  /** `known` for text that streams to a screen: it holds back no more than what may be the beginning of a secret. */
  knownStream(): ReturnType<Redactor['stream']>;
}

/** Makes a redactor that knows these secrets (SECURITY S13). */
export function createRedactor({ values = [] }: { readonly values?: readonly string[] } = {}): SecretKeeper {
  const learned = new Set<string>();
  let forms: readonly string[] = [];
  let finder: RegExp | null = null;
  const learn: SecretKeeper['learn'] = (more) => {
    const fresh = more.filter((one) => one && one.length >= shortestSecret && !learned.has(one));
    if (fresh.length === 0) return;
    for (const one of fresh) if (one) learned.add(one);
    forms = formsOfAll([...learned]);
    finder = finderOf(forms);
  };
  const known = (text: string) => (finder ? overLines(text.replace(finder, removed), finder) : text);
  const clean = (text: string) => cleanForms(known(text));
  learn(values);
  return {
    learn,
    known,
    knownIn: (value) => (finder ? deeply(value, known) : value),
    cleanIn: (value) => deeply(value, clean),
    clean,
    stream: () => streamOver(clean),
    knownStream: () => closeStream(known, () => forms),
  };
}

/** Takes out what goes over several lines of base 64 or hexadecimal digits. */
function overLines(text: string, finder: RegExp): string {
  return text.replace(digitLines, (lines) => {
    const found = new Set(lines.replace(/\r?\n/g, '').match(finder));
    return [...found].reduce((left, form) => {
      const broken = [...form].map(plainly).join('(?:\\r?\\n)?');
      return left.replace(new RegExp(broken, 'g'), removed);
    }, lines);
  });
}

/** Full lines without a blank, and what goes on below; each begins where a word does, so that none is looked at twice. */
const digitLines = /(?<![\w+/-])(?:[\w+/-]{32,256}\r?\n){1,2000}[\w+/-]{0,256}/g;

/** Passes on all but the end that some secret begins with. */
function closeStream(
  known: (text: string) => string,
  forms: () => readonly string[],
): ReturnType<Redactor['stream']> {
  let held = '';
  return {
    push(text) {
      const now = known(held + text);
      const from = Math.max(0, now.length - (forms()[0]?.length ?? 0));
      let cut = from;
      while (cut < now.length && !forms().some((form) => form.startsWith(now.slice(cut)))) cut++;
      held = now.slice(cut);
      return now.slice(0, cut);
    },
    end() {
      const rest = known(held);
      held = '';
      return rest;
    },
  };
}

/** A JSON value with each of its texts changed; what does not change stays the same object. */
function deeply<T>(value: T, change: (text: string) => string): T {
  if (typeof value === 'string') return change(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const now = value.map((one) => deeply(one, change));
    return (now.some((one, at) => one !== value[at]) ? now : value) as T;
  }
  const before = Object.entries(value);
  const now = before.map(([key, one]) => [change(key), deeply(one, change)] as const);
  const same = now.every(([key, one], at) => before[at]?.[0] === key && before[at]?.[1] === one);
  return same ? value : (Object.fromEntries(now) as T);
}

/** The longest first. */
function formsOfAll(values: readonly string[]): string[] {
  return [...new Set(values.flatMap(formsOf))].sort((a, b) => b.length - a.length);
}

function finderOf(forms: readonly string[]): RegExp {
  return new RegExp(forms.map(plainly).join('|'), 'g');
}

/** As a pattern that stands for itself. */
function plainly(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** A line longer than this is cut where it is safe to. */
const longestLine = 16_384;
/** How much is held back at most, whatever may follow. */
const mostHeld = 262_144;

/** Whole lines are cleaned and passed on; the beginning of a line waits for its end, a private key for its last line. */
function streamOver(clean: (text: string) => string): ReturnType<Redactor['stream']> {
  let held = '';
  const pass = (upTo: number) => {
    const ready = held.slice(0, upTo);
    held = held.slice(upTo);
    return clean(ready);
  };
  return {
    push(text) {
      held += text;
      const lineEnd = Math.max(held.lastIndexOf('\n'), held.lastIndexOf('\r')) + 1;
      const key = openKeyIn(held);
      if (key >= 0 && held.length < mostHeld) return key > 0 ? pass(Math.min(key, lineEnd)) : '';
      if (held.length - lineEnd > longestLine) return pass(safeCut(held, clean));
      return lineEnd > 0 ? pass(lineEnd) : '';
    },
    end: () => pass(held.length),
  };
}

/** A place between two words, not near the end, at which a cut hides nothing from the search. */
function safeCut(text: string, clean: (text: string) => string): number {
  const whole = clean(text);
  const words = [...text.slice(0, text.length - 1024).matchAll(/\s/g)]
    .map(({ index }) => index + 1)
    .slice(-8);
  const fits = (at: number) => clean(text.slice(0, at)) + clean(text.slice(at)) === whole;
  const cut = words.reverse().find(fits);
  return cut ?? (text.length < mostHeld ? 0 : text.length);
}
