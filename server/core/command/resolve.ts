import { isBelow, lastName } from './paths.ts';
import type { Word } from './plain.ts';
import type { ProgramRule } from './programRule.ts';
import { ruleOf } from './programs.ts';

/** Which program a row of words starts, and by which rule its arguments are judged. */
export interface Resolved {
  readonly name: string;
  readonly rule: ProgramRule | null;
  /** The words that the rule is for. */
  readonly rest: readonly Word[];
  /** A program of the workspace: the file that it is. */
  readonly file: string | null;
  readonly known: boolean;
}

/** Finds the program by its name or path. */
export function resolve(words: readonly Word[], isOfWorkspace: boolean): Resolved {
  const [first, ...rest] = words;
  const written = first?.value ?? '';
  const name = nameOf(written);
  const at = { name, file: null, known: true };
  const rule = ruleOf(name);
  if (rule && isRootedElsewhere(written)) return { ...at, rule, rest, known: false };
  const isLocal = /[/\\]/.test(written) && isBelow(written);
  const file = isLocal ? written : null;
  if (rule && rest.length === 1 && rest[0]?.value === '--version') return { ...at, file, rule: {}, rest: [] };
  if (!rule) return { ...at, rule: null, rest, file, known: isLocal || isOfWorkspace };
  return { ...at, file, ...special(name, rule, rest) };
}

/** Programs whose first option makes another program of them. */
function special(name: string, rule: ProgramRule, rest: readonly Word[]) {
  const [first, second] = rest;
  if (name === 'sed' && (first?.value === '-i' || first?.value === '--in-place')) {
    return { rule: ruleOf('sed in place') ?? rule, rest: rest.slice(1) };
  }
  if (/^python3?$/.test(name) && first?.value === '-m' && modules.has(second?.value ?? '')) {
    return { rule: ruleOf(second?.value ?? '') ?? rule, rest: rest.slice(2) };
  }
  return { rule, rest };
}

/** Modules of Python that are programs by themselves. */
const modules: ReadonlySet<string> = new Set(['pytest', 'mypy', 'ruff', 'black', 'flake8', 'pip']);

/** A program's plain name: without a folder of the system or the workspace, as one calls it. */
function nameOf(written: string): string {
  return lastName(written).replace(/\.(exe|cmd|bat|com)$/i, '');
}

/** A path that is neither one of the workspace nor of the system's folders. */
function isRootedElsewhere(written: string): boolean {
  if (!/[/\\]/.test(written) || isBelow(written)) return false;
  return !/^\/(usr\/(local\/)?)?s?bin\/[^/]+$|^\/opt\/homebrew\/bin\/[^/]+$/.test(written);
}
