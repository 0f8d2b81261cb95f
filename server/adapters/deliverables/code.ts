import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import type { Findings } from './findings.ts';
import type { Parser } from './parser.ts';
import type { Parsed, Way } from './parsing.ts';
import type { TextFile } from './website.ts';

const json = /\.(jsonc?|webmanifest|geojson|map|ipynb)$/i;

/** How what bears each ending may be meant; a module has its own faults, so it comes last. */
const meanings: Readonly<Record<string, readonly Way[]>> = {
  js: ['script', 'function', 'module'],
  cjs: ['script', 'function'],
  mjs: ['module'],
  ts: ['typed'],
  mts: ['typed'],
  cts: ['typed'],
  py: ['python'],
  pyi: ['python'],
  pyw: ['python'],
  sh: ['bash'],
  bash: ['bash'],
};

/** What is read by a grammar that is nearly the language's own, so that what it does not read is no fault for sure. */
const byGrammar: Readonly<Partial<Record<Way, string>>> = { python: 'Python', bash: 'bash' };

/**
 * Looks whether a file of code parses: JSON, Python, JavaScript, TypeScript and scripts of a shell; nothing of it runs. Answers
 * whether it was parsed at all; in others only conflicts are looked for.
 */
export async function checkCode(file: TextFile, findings: Findings, parser: Parser): Promise<boolean> {
  const { path, text } = file;
  const conflict = conflictIn(text);
  if (conflict !== null) {
    findings.add(path, 'a conflict of a merge was left in it', true, conflict);
    return true;
  }
  if (json.test(path)) {
    checkJson(file, findings);
    return true;
  }
  const ways = waysOf(file);
  if (ways.length === 0) return false;
  const all = await parser.parse(text, ways);
  if (all.some(({ state }) => state === 'fits')) return true;
  const fault = faultOf(all);
  if (fault === null || isMarkup(fault.fault)) return false;
  const language = ways.map((way) => byGrammar[way]).find(Boolean);
  if (language) {
    const line = fault.line ?? undefined;
    findings.add(
      path,
      `the grammar of ${language} does not read it here, though ${language} may`,
      false,
      line,
    );
    return true;
  }
  const line = fault.line ?? (await lineIn(text, parser));
  findings.add(path, `it does not parse: ${fault.fault.split('. ', 1)[0]}`, true, line);
  return true;
}

/** How a text may be meant by its name; one that says itself that it is of another kind is none of these. */
function waysOf({ path, text }: TextFile): readonly Way[] {
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  const ways = Object.hasOwn(meanings, ending) ? (meanings[ending] ?? []) : [];
  const [program = ''] = /^#!.*/.exec(text) ?? [];
  const isOther = ways.includes('bash') ? !/\b(ba|da|a)?sh\b/.test(program) : /\bpython2/.test(program);
  return program !== '' && isOther ? [] : ways;
}

function checkJson({ path, text }: TextFile, findings: Findings): void {
  const isLoose = /\.jsonc$/i.test(path) || /(^|\/)([jt]sconfig[^/]*|\.vscode\/[^/]+)\.json$/i.test(path);
  const errors: ParseError[] = [];
  try {
    parse(text, errors, { disallowComments: !isLoose, allowTrailingComma: isLoose });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    findings.add(path, 'it is nested too deep to be read', true);
  }
  const [first] = errors;
  if (!first) return;
  const what = `it is no JSON: ${printParseErrorCode(first.error).replace(/(?<=[a-z])(?=[A-Z])/g, ' ')}`;
  findings.add(path, what, true, lineOf(text, first.offset));
}

type Broken = Extract<Parsed, { state: 'broken' }>;

/** What only a module may say; a script that says it is one. */
const module = /import statement|'import\.meta'|token 'export'|await is only valid|identifier 'import'/;

/** Why none of the ways fits; `null` where that is not known of one of them. */
function faultOf(all: readonly Parsed[]): Broken | null {
  const broken = all.flatMap((one) => (one.state === 'broken' ? one : []));
  if (broken.length < all.length) return null;
  const [first = null] = broken;
  return first && module.test(first.fault) ? (broken.at(-1) ?? first) : first;
}

/** Markup within JavaScript is for a parser that is not here. */
function isMarkup(fault: string): boolean {
  return fault === "Unexpected token '<'";
}

/** A module that is broken does not say where; the parser of types does, where it stumbles over the same. */
async function lineIn(text: string, parser: Parser): Promise<number | undefined> {
  const [typed] = await parser.parse(text, ['typed']);
  return typed?.state === 'broken' && typed.line !== null ? typed.line : undefined;
}

/** The line at which two versions stand one after the other, as a merge leaves them. */
function conflictIn(text: string): number | null {
  if (!text.includes('<<<<<<< ')) return null;
  let begun: number | null = null;
  let isHalf = false;
  for (const [index, line] of text.split('\n').entries()) {
    if (line.startsWith('<<<<<<< ')) [begun, isHalf] = [index + 1, false];
    else if (line.trimEnd() === '=======') isHalf = begun !== null;
    else if (isHalf && line.startsWith('>>>>>>> ')) return begun;
  }
  return null;
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
